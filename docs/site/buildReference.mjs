// The pages of the reference: what TypeDoc has written of each name, a page for each group of names.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { faces } from './faces.mjs'
import { readSource } from './readSource.mjs'

/**
 * Writes `build/reference`, with `pages.json` for the menu, the search and the links of names.
 *
 * @typedef {{ title: string, path: string }} ReferencePage
 * @typedef {{ faces: { name: string, pages: ReferencePage[] }[], names: Record<string, string> }} Reference
 *
 * @param {string} root
 */
export async function buildReference(root) {
  const out = join(root, 'build', 'reference')
  const raw = join(root, 'build', 'reference-entries')
  rmSync(out, { recursive: true, force: true })
  const present = faces.filter(({ file }) => existsSync(join(root, file)))
  const entries = await readSource({ root, files: present.map(({ file }) => file), out: raw })
  const texts = new Map(
    entries.map(({ file }) => [file, readFileSync(join(raw, file), 'utf8').trim()]),
  )
  rmSync(raw, { recursive: true })

  const values = new Set(
    entries.filter(({ kind }) => kind === 'Variable').map(({ face, name }) => `${face} ${name}`),
  )
  const pages = present.flatMap((face) => pagesOf(face, entries))
  /** Where each file of TypeDoc's went. */
  const addresses = new Map(
    pages.flatMap(({ path, entries }) =>
      entries.map(({ file, name }) => [file, `${path}#${name}`]),
    ),
  )
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const sources = repository === undefined ? undefined : sourceAddress(repository)

  for (const { face, path, title, tables, entries } of pages) {
    // A name that is both: the constants say all, the type is made of them.
    const shown = entries.filter(
      (entry) => entry.kind !== 'Type Alias' || !values.has(`${entry.face} ${entry.name}`),
    )
    const textOf = (entry) => withLinks(tidy(texts.get(entry.file), sources), entry.file, path)
    const withLinks = (text, file, path) =>
      text.replaceAll(/\]\(([^()#:\s]+\.md)(?:#[^()\s]*)?\)/g, (link, target) => {
        const address = addresses.get(posix.join(posix.dirname(file), target))
        if (address === undefined) throw new Error(`${file} links to ${target}`)
        return `](${relative(path, address)})`
      })
    const content = tables
      ? constantTable(shown)
      : shown.map((entry) => `## ${label(entry)} {#${entry.name}}\n\n${textOf(entry)}`).join('\n\n')
    write(join(out, path), `# ${title}\n\nExported by \`${face.name}\`.\n\n${content}\n`)
  }
  writeFaces(out, present, pages)
  const names = {}
  for (const { path, entries } of pages)
    for (const { name } of entries) names[name] ??= `reference/${path}#${name}`
  const menu = present.map((face) => ({
    name: face.name,
    pages: [
      { title: face.name, path: `reference/${face.id}/index.md` },
      ...pages
        .filter((page) => page.face === face)
        .map(({ title, path }) => ({ title, path: `reference/${path}` })),
    ],
  }))
  write(join(out, 'pages.json'), JSON.stringify({ faces: menu, names }))
}

/** Functions first, then what they take and return. */
const order = ['Function', 'Class', 'Variable', 'Interface', 'Type Alias']

function pagesOf(face, all) {
  const module = face.file.replace(/\.ts$/, '').replace(/\/index$/, '')
  const entries = all.filter((entry) => entry.face === module)
  const titles = [...new Set(face.groups.map(({ title }) => title))]
  const pages = titles.map((title) => ({
    face,
    title,
    path: `${face.id}/${slugOf(title)}.md`,
    tables: face.groups.some((group) => group.title === title && group.tables),
    entries: entries
      .filter((entry) => groupOf(face, entry) === title)
      .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)),
  }))
  return pages.filter(({ entries }) => entries.length > 0)
}

function groupOf({ file, groups }, { name, source }) {
  const group = groups.find(
    (group) => (group.names?.test(name) ?? true) && (group.source?.test(source) ?? true),
  )
  if (group === undefined)
    throw new Error(`${file} exports ${name}, which no group of docs/site/faces.mjs takes`)
  return group.title
}

function slugOf(title) {
  return title
    .toLowerCase()
    .replaceAll(/[\W_]+/g, '-')
    .replace(/-$/, '')
}

function label({ kind, name }) {
  return kind === 'Function' ? `${name}()` : name
}

/** TypeDoc's text of one name, as a part of a page. */
function tidy(text, sources) {
  const declared = /^Defined in: \[.*\]\(source:([^)]*)\)$/m.exec(text)?.[1]
  const shown = `\`${declared.replace('#L', ':')}\``
  const source = sources === undefined ? shown : `[${shown}](${sources}${declared})`
  return (
    text
      .replaceAll(/^Defined in: .*$/gm, '')
      .replaceAll(/^const \w+: object;$/gm, '')
      .replaceAll(/^```ts\n\s*```\n/gm, '')
      .replaceAll(/ \n/g, '\n')
      .replaceAll(/^(\|[^|\n]*\| )\\\| /gm, '$1')
      .replaceAll(/<a id="[^"]*"><\/a> /g, '')
      // What it has of JavaScript's own classes.
      .replaceAll(/^\|.*\| Defined in \|\n(\|.*\n?)+/gm, (table) =>
        table.replaceAll(/ \|[^|\n]*\|$/gm, ' |'),
      )
      .replaceAll(/^## Constructors\n(?:(?!^## ).*\n?)*/gm, (part) =>
        part.includes('Inherited from') ? '' : part,
      )
      // What stands under the name of each is no part of the page for itself.
      .replaceAll(/^(#+) (.*)$/gm, (_, marks, heading) =>
        headings.has(heading)
          ? `**${headings.get(heading)}**`
          : `${marks === '##' ? '###' : marks} ${heading}`,
      )
      .replaceAll(/^\*\*\*$/gm, '')
      .replaceAll(/\n{3,}/g, '\n\n')
      .trim() + `\n\n<small>Source: ${source}</small>`
  )
}

/** TypeDoc's headings, which come again and again on a page. */
const headings = new Map(
  [
    'Parameters Returns Throws Properties Methods Constructors Constructor Accessors Extends Example Examples',
    'Implements Overrides Indexable Events Deprecated See Remarks',
  ]
    .flatMap((line) => line.split(' '))
    .map((name) => [name, name]),
)
for (const [name, shown] of [
  ['Type Declaration', 'Members'],
  ['Type Parameters', 'Type parameters'],
  ['Call Signature', 'Call'],
  ['Inherited from', 'Inherited from'],
  ['Implementation of', 'Implements'],
  ['Extended by', 'Extended by'],
  ['Default Value', 'Default'],
  ['Get Signature', 'Get'],
  ['Set Signature', 'Set'],
])
  headings.set(name, shown)

function constantTable(entries) {
  const rows = entries.map(
    ({ name, value, text }) =>
      `| <code id="${name}">${name}</code> | ${value ?? ''} | ${text.replaceAll(/\s*\n\s*/g, ' ')} |`,
  )
  return ['| Name | Value | |', '| --- | --- | --- |', ...rows].join('\n')
}

/** A page for each face, and one for all names. */
function writeFaces(out, present, pages) {
  const sections = present.map((face) => {
    const own = pages.filter((page) => page.face === face)
    const rows = own.map(({ title, path, entries }) => {
      const links = [...new Map(entries.map((entry) => [entry.name, label(entry)]))].map(
        ([name, shown]) => `[\`${shown}\`](${path}#${name})`,
      )
      return `### [${title}](${path})\n\n${links.join(' · ')}`
    })
    return { face, rows: rows.join('\n\n') }
  })
  for (const { face, rows } of sections) {
    const text = rows.replaceAll(`](${face.id}/`, '](').replaceAll(/^###/gm, '##')
    write(join(out, face.id, 'index.md'), `# ${face.name}\n\n${face.summary}\n\n${text}\n`)
  }
  const all = sections.map(
    ({ face, rows }) => `## [${face.name}](${face.id}/index.md)\n\n${face.summary}\n\n${rows}`,
  )
  write(
    join(out, 'index.md'),
    `# Reference\n\nEvery name that the package exports.\n\n${all.join('\n\n')}\n`,
  )
}

function sourceAddress(repository) {
  const url = typeof repository === 'string' ? repository : repository.url
  return `${url.replace(/^git\+/, '').replace(/\.git$/, '')}/blob/main/`
}

function relative(from, address) {
  const path = posix.relative(posix.dirname(from), address)
  return from === address.split('#')[0] ? `#${address.split('#')[1]}` : path
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
