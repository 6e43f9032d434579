// Which documents are pages of the site, at which addresses, and their order in the menu.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The menu: pages of documents, each once. A text without `source` leads to a part of a page.
 *
 * @type {{ text: string, items: { text: string, source?: string, link?: string }[] }[]}
 */
export const sections = [
  {
    text: 'Start',
    items: [
      { text: 'First steps: 5 minutes', source: 'docs/first-steps.md' },
      { text: 'Overview', source: 'README.md' },
    ],
  },
  {
    text: 'Learn',
    items: [
      { text: 'The event', link: '/overview#the-event' },
      { text: 'The tick', source: 'docs/tick.md' },
      { text: 'Sockets as entities', link: '/overview#sockets-are-entities' },
      { text: 'State with replication', source: 'docs/replication.md' },
      { text: 'Time', link: '/tick#where-it-belongs' },
      { text: 'Testing', source: 'docs/testing.md' },
      { text: 'Transports', source: 'docs/transports.md' },
    ],
  },
  {
    text: 'GameMaker',
    items: [
      { text: 'Porting from GameMaker', source: 'docs/porting.md' },
      { text: 'A GameMaker client', source: 'demos/gamemaker/client/README.md' },
    ],
  },
  {
    text: 'Recipes',
    items: [
      { text: 'All recipes', source: 'docs/recipes/index.md' },
      { text: 'Lobby', source: 'docs/recipes/lobby.md' },
      { text: 'Chat', source: 'docs/recipes/chat.md' },
      { text: 'LAN discovery', source: 'docs/recipes/lan-discovery.md' },
      { text: 'Reconnecting', source: 'docs/recipes/reconnect.md' },
      { text: 'Game loops', source: 'docs/recipes/game-loops.md' },
      { text: 'Behind nginx', source: 'docs/recipes/nginx.md' },
      { text: 'In Docker', source: 'docs/recipes/docker.md' },
      { text: 'A whole game: the arena', source: 'demos/arena/README.md' },
    ],
  },
  {
    text: 'Tools',
    items: [
      { text: 'Command line', source: 'docs/cli.md' },
      { text: 'Simulation', source: 'docs/simulation.md' },
      { text: 'Recording', source: 'docs/recording.md' },
    ],
  },
  {
    text: 'Operate',
    items: [
      { text: 'Security', source: 'SECURITY.md' },
      { text: 'Reliability', source: 'docs/reliability.md' },
      { text: 'Performance', source: 'docs/performance.md' },
    ],
  },
  {
    text: 'Internals',
    items: [
      { text: 'Architecture', source: 'docs/architecture.md' },
      { text: 'Wire protocol', source: 'docs/protocol.md' },
      { text: 'Replication protocol', source: 'docs/replication-protocol.md' },
      { text: 'Contributing', source: 'CONTRIBUTING.md' },
      { text: 'Changelog', source: 'CHANGELOG.md' },
    ],
  },
]

/** The front page, and what only it and the reference are made of. */
export const homeSource = 'docs/site/index.md'
export const referenceFolder = 'build/reference'

/** The page of a document, such as `tick.md` of `docs/tick.md`. */
function pageOf(source) {
  if (source === homeSource) return 'index.md'
  if (source === 'README.md') return 'overview.md'
  if (source === 'demos/gamemaker/client/README.md') return 'gamemaker-client.md'
  if (source === 'demos/arena/README.md') return 'arena.md'
  return source.replace(/^docs\//, '').toLowerCase()
}

/** Documents by their source, with their page. */
export const documents = new Map(
  [homeSource, ...sections.flatMap(({ items }) => items.flatMap(({ source }) => source ?? []))].map(
    (source) => [source, pageOf(source)],
  ),
)

/**
 * What `buildReference` has written, or an empty reference.
 *
 * @param {string} root
 * @returns {import('./buildReference.mjs').Reference}
 */
export function readReference(root) {
  const file = join(root, referenceFolder, 'pages.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { faces: [], names: {} }
}

/**
 * The menu of the documents, and that of the reference.
 *
 * @param {import('./buildReference.mjs').Reference} reference
 */
export function sidebarOf({ faces }) {
  const menu = sections.map(({ text, items }) => ({
    text,
    items: items.map(({ text, source, link }) => ({
      text,
      link: link ?? linkOf(documents.get(source)),
    })),
  }))
  if (faces.length === 0) return menu
  const names = { text: 'All names', link: '/reference/' }
  const reference = {
    text: 'Reference',
    items: [
      names,
      ...faces.map(({ name, pages: [index] }) => ({ text: name, link: linkOf(index.path) })),
    ],
  }
  return {
    '/reference/': [
      { text: 'Reference', items: [names] },
      ...faces.map(({ name, pages: [index, ...pages] }) => ({
        text: name,
        link: linkOf(index.path),
        items: pages.map(({ title, path }) => ({ text: title, link: linkOf(path) })),
      })),
    ],
    '/': [...menu.slice(0, -1), reference, menu.at(-1)],
  }
}

/** The link to a page. */
export function linkOf(page) {
  return `/${page.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '')}`
}
