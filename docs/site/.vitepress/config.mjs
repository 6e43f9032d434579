// How VitePress builds the site: its pages, menu, search and links.
import { copyFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { checkLinks } from '../checkLinks.mjs'
import { codeColours } from '../codeColours.mjs'
import { gmlGrammar } from '../gmlGrammar.mjs'
import { githubSlug, linkDocuments } from '../linkDocuments.mjs'
import { describe, writeLlms } from '../llms.mjs'
import { documents, readReference, referenceFolder, sidebarOf } from '../navigation.mjs'
import { mendSearchBox, searchSections, tokenize } from '../search.mjs'

const own = fileURLToPath(new URL('..', import.meta.url))
/** The repository, or a copy of its documents. */
const root = process.env.SITE_DOCUMENTS ?? fileURLToPath(new URL('../../..', import.meta.url))
const reference = readReference(root)
const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url)))
const links = linkDocuments({ root, names: reference.names })

checkMenu()

export default defineConfig({
  title: 'bitecs-networking',
  titleTemplate: ':title · bitecs-networking',
  description:
    'GameMaker’s Networking event for bitECS: multiplayer netcode where sockets are entities.',
  lang: 'en',
  base: process.env.SITE_BASE ?? '/',
  srcDir: root,
  srcExclude: otherFolders(),
  outDir: join(root, 'build', 'site'),
  cacheDir: join(root, 'build', 'site-cache'),
  rewrites: (path) =>
    documents.get(path) ?? path.replace(new RegExp(`^${referenceFolder}/`), 'reference/'),
  metaChunk: true,
  // Looked up below, with anchors and pictures, and named by their documents.
  ignoreDeadLinks: true,
  head: [
    [
      'link',
      { rel: 'icon', href: `${process.env.SITE_BASE ?? '/'}mark.svg`, type: 'image/svg+xml' },
    ],
  ],
  markdown: {
    theme: codeColours,
    languages: [gmlGrammar],
    anchor: { slugify: githubSlug },
    config: links.install,
  },
  themeConfig: {
    logo: { light: '/mark.svg', dark: '/mark-dark.svg', alt: '' },
    nav: [
      { text: 'First steps', link: '/first-steps' },
      { text: 'GameMaker', link: '/porting' },
      { text: 'Recipes', link: '/recipes/' },
      ...(reference.faces.length > 0 ? [{ text: 'Reference', link: '/reference/' }] : []),
      { text: version, link: '/changelog' },
    ],
    sidebar: sidebarOf(reference),
    outline: [2, 3],
    externalLinkIcon: true,
    search: {
      provider: 'local',
      options: {
        detailedView: false,
        miniSearch: {
          options: { tokenize },
          searchOptions: {
            prefix: true,
            // Short words that are alike are other words.
            fuzzy: (term) => (term.length > 5 ? 0.2 : false),
            boost: { title: 4, text: 2, titles: 1 },
          },
          _splitIntoSections: searchSections,
        },
      },
    },
    footer: {
      message: `<a href="${process.env.SITE_BASE ?? '/'}LICENSE.txt">MIT licence</a> · bitecs-networking ${version}`,
    },
  },
  vite: {
    publicDir: join(own, 'public'),
    plugins: [mendSearchBox(), resolveFromHere()],
    // The search index is one file, loaded when someone searches.
    build: { chunkSizeWarningLimit: 4096 },
  },
  transformPageData: (page) => ({ description: page.description || describe(root, page.filePath) }),
  buildEnd({ outDir }) {
    copyFileSync(join(own, '..', '..', 'LICENSE'), join(outDir, 'LICENSE.txt'))
    writeLlms({ root, outDir, reference })
    const problems = [...links.problems, ...checkLinks(outDir, process.env.SITE_BASE ?? '/')]
    if (problems.length > 0) throw new Error(`${problems.length} to mend:\n${problems.join('\n')}`)
  },
})

/** Every document is a page, and every page of the menu is a document. */
function checkMenu() {
  const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .filter((name) => !name.startsWith('docs/site/'))
  const found = [...readdirSync(root), ...inDocs].filter((name) => name.endsWith('.md'))
  const problems = [
    ...found
      .filter((name) => !documents.has(name))
      .map((name) => `${name} is not in the menu, docs/site/navigation.mjs`),
    ...[...documents.keys()]
      .filter((name) => !name.startsWith('demos/') && name !== 'docs/site/index.md')
      .filter((name) => !found.includes(name))
      .map((name) => `docs/site/navigation.mjs names ${name}, which is not there`),
  ]
  if (problems.length > 0) throw new Error(problems.join('\n'))
}

/** Where no pages are. */
function otherFolders() {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return [
    ...folders
      .map(({ name }) => name)
      .filter((name) => !['docs', 'demos', 'build'].includes(name))
      .map((name) => `${name}/**`),
    'build/!(reference)/**',
    'docs/site/!(index.md)/**',
  ]
}

/** The documents are no part of this package, but what VitePress makes of them imports Vue as if they were. */
function resolveFromHere() {
  return {
    name: 'resolve-from-here',
    enforce: 'pre',
    resolveId(id, importer, options) {
      if (!/^vue(?:\/|$)/.test(id) || importer === undefined || importer.startsWith(own))
        return null
      return this.resolve(id, join(own, 'index.md'), { ...options, skipSelf: true })
    },
  }
}
