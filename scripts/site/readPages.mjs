// Finds the documents, reads them, and holds them against the table of contents.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

/** Documents beside README.md; the others of docs/ are found. */
const besides = ['README.md', 'SECURITY.md', 'CHANGELOG.md', 'CONTRIBUTING.md']

/**
 * Where a document stands on the site.
 *
 * @param {string} source its path in the repository
 */
function addressOf(source) {
  if (source === 'README.md') return 'index.html'
  const name = source.replace(/^docs\//, '').replace(/\.md$/, '')
  if (/(^|\/)README$/.test(name)) return name.replace(/README$/, 'index.html')
  return source.startsWith('docs/') ? `${name}.html` : `${name.toLowerCase()}.html`
}

/**
 * The documents in the order of the table of contents.
 *
 * @param {string} root
 * @param {typeof import('./contents.mjs').contents} contents
 * @param {(problem: string) => void} report
 */
export function readPages(root, contents, report) {
  const found = new Set([...besides, ...documentsIn(root)])
  const listed = contents.flatMap(({ title, index, documents = linkedFrom(root, index) }) =>
    documents.map((document) => ({ ...document, section: title })),
  )
  for (const path of found)
    if (listed.filter((document) => document.path === path).length !== 1)
      report(
        `${path} must stand once in the table of contents, scripts/site/contents.mjs, or in the index of its folder`,
      )
  const pages = []
  for (const { path, label, card, section } of listed) {
    if (!existsSync(join(root, path))) {
      report(`scripts/site/contents.mjs names ${path}, but there is no such document`)
      continue
    }
    const text = readFileSync(join(root, path), 'utf8')
    const title = /^# (.*)$/m.exec(text)?.[1]?.replaceAll('`', '')
    if (title === undefined) report(`${path} has no title: a first line "# …"`)
    const name = title ?? path
    pages.push({
      source: path,
      address: addressOf(path),
      title: name,
      label: label ?? name,
      card,
      section,
      text,
    })
  }
  return pages
}

/** An index, and the documents of its folder that it links to. */
function linkedFrom(root, index) {
  const text = existsSync(join(root, index)) ? readFileSync(join(root, index), 'utf8') : ''
  const links = [...text.matchAll(/\]\(([\w-]+\.md)/g)].map(
    ([, name]) => `${posix.dirname(index)}/${name}`,
  )
  return [...new Set([index, ...links])].map((path) => ({ path }))
}

function documentsIn(root) {
  return readdirSync(join(root, 'docs'), { recursive: true })
    .map((path) => `docs/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md'))
    .sort()
}
