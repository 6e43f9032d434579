// Puts the site together: reads, renders, checks, and writes when there is nothing to mend.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkLinks } from './checkLinks.mjs'
import { contents, reference } from './contents.mjs'
import { renderHome } from './home.mjs'
import { textOf } from './html.mjs'
import { renderMarkdown } from './markdown.mjs'
import { readApi } from './readApi.mjs'
import { readPages } from './readPages.mjs'
import { renderFace, renderIndex } from './renderApi.mjs'
import { searchIndex } from './searchIndex.mjs'
import { SourcePages } from './sourcePages.mjs'
import { markFile, renderPage } from './template.mjs'

const own = fileURLToPath(new URL('.', import.meta.url))

/** The parts of the style sheet, in their order. */
const styles = ['base', 'frame', 'text', 'code', 'reference', 'narrow']

/**
 * @param {{ root: string, documents: string, out: string }} folders
 * @returns {{ pages: number, problems: string[] }}
 */
export function buildSite({ root, documents, out }) {
  const problems = []
  const report = (problem) => void problems.push(problem)
  const pages = readPages(documents, contents, report)
  const faces = readApi(root, report)
  const site = { root, documents, report, pictures: new Map(), sources: new SourcePages(root) }
  site.pages = new Map(pages.map(({ source, address }) => [source, address]))
  site.names = namesOf(faces)

  const finished = [
    ...pages.map((page) => documentPage(site, page, pages)),
    ...referencePages(site, faces),
  ]
  site.sources.request('LICENSE')
  for (const { path, address, html } of site.sources.render())
    finished.push({
      address,
      html,
      title: path,
      headings: [],
      section: 'Source',
      kind: 'listing-page',
    })

  const menu = menuOf(pages, faces)
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const files = new Map([
    [
      'assets/style.css',
      styles.map((name) => readFileSync(join(own, 'style', `${name}.css`))).join('\n'),
    ],
    ['assets/site.js', readFileSync(join(own, 'site.js'))],
    ['assets/mark.svg', markFile],
    [
      'assets/search-index.js',
      searchIndex(
        finished.filter(({ source }) => source),
        faces,
      ),
    ],
    ...[...site.pictures].map(([path, address]) => [address, readFileSync(join(documents, path))]),
  ])
  const rendered = finished.map((page) => [
    page.address,
    { html: renderPage(page, menu, version), source: page.source },
  ])
  checkLinks(new Map(rendered), new Set(files.keys()), report)
  if (problems.length === 0)
    write(out, [...rendered.map(([address, { html }]) => [address, html]), ...files])
  return { pages: finished.length, problems }
}

/** Where each exported name is explained. */
function namesOf(faces) {
  const names = new Map()
  for (const { address, groups } of faces)
    for (const { entries } of groups)
      for (const { name } of entries) if (!names.has(name)) names.set(name, `${address}#${name}`)
  return names
}

/**
 * What the text of a file in the repository needs to know to stand at an address of the site.
 *
 * @returns {import('./markdown.mjs').Surroundings}
 */
function surroundings(site, source, address) {
  const from = (target) => posix.relative(posix.dirname(address), target)
  const inRepository = (path) => posix.join(posix.dirname(source), decodeURI(path))
  const report = (problem) => site.report(`${source}: ${problem}`)
  return {
    report,
    link(href) {
      if (/^(https?:|mailto:|#)/.test(href)) return href
      const [path, hash] = href.split('#')
      const target = inRepository(path)
      const page = site.pages.get(target) ?? site.sources.request(target)
      if (page === undefined) report(`the link ${href} leads to no file`)
      return page === undefined ? '#content' : from(page) + (hash === undefined ? '' : `#${hash}`)
    },
    picture(href) {
      if (/^(https?|data):/.test(href)) return href
      const path = inRepository(href)
      if (!existsSync(join(site.documents, path))) {
        report(`there is no picture ${href}`)
        return 'data:,'
      }
      const picture = `pictures/${posix.basename(path)}`
      site.pictures.set(path, picture)
      return from(picture)
    },
    nameLink(text) {
      const target = site.names.get(text.replace(/\(.*\)$/, ''))
      return target === undefined ? undefined : from(target)
    },
  }
}

function documentPage(site, page, pages) {
  const { source, address, title, section, text } = page
  const { html, headings } = renderMarkdown(text, surroundings(site, source, address))
  const description = textOf(/<p>.*?<\/p>/s.exec(html)?.[0] ?? title).slice(0, 200)
  const finished = { source, address, title, section, headings, description }
  if (source !== 'README.md') return { ...finished, html }
  const cards = [
    ...pages
      .filter(({ card }) => card)
      .map(({ address, label, card }) => ({ address, label, text: card })),
    { address: reference.index.address, label: 'API reference', text: reference.card },
  ]
  return { ...finished, html: renderHome(html, cards), kind: 'home' }
}

function referencePages(site, faces) {
  const { title: section, index } = reference
  const sourceLink = (path, line) => posix.relative('api', `${site.sources.request(path)}#L${line}`)
  const pages = faces.map((face) => {
    const of = (path) => ({ ...surroundings(site, path, face.address), isComment: true })
    const { html, headings } = renderFace(face, of, sourceLink)
    const { address, name, summary } = face
    return {
      address,
      title: name,
      html,
      headings,
      section,
      kind: 'reference',
      description: summary,
    }
  })
  const { html, headings } = renderIndex(faces, (target) => posix.relative('api', target))
  const { address, label } = index
  return [{ address, title: label, html, headings, section, kind: 'reference' }, ...pages]
}

function menuOf(pages, faces) {
  const menu = contents.map(({ title }) => ({
    title,
    items: pages.filter(({ section }) => section === title),
  }))
  const { title, index } = reference
  const items = [index, ...faces.map(({ address, name }) => ({ address, label: name }))]
  menu.splice(-1, 0, { title, items })
  return menu.filter(({ items }) => items.length > 0)
}

/** An older site in the folder is taken away first; a folder that is none is only added to. */
function write(out, files) {
  if (existsSync(join(out, 'assets', 'search-index.js'))) rmSync(out, { recursive: true })
  for (const [address, content] of files) {
    const path = join(out, address)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
}
