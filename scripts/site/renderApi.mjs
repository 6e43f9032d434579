// The pages of the API reference.
import { codeBlock, highlight } from './highlight.mjs'
import { escape, slugger } from './html.mjs'
import { renderInline, renderMarkdown, tableBox } from './markdown.mjs'

/**
 * One face: its groups, and each exported name with an anchor of its own.
 *
 * @param {ReturnType<typeof import('./readApi.mjs').readApi>[number]} face
 * @param {(path: string) => import('./markdown.mjs').Surroundings} surroundingsOf of comments in a file
 * @param {(path: string, line: number) => string} sourceLink
 */
export function renderFace(face, surroundingsOf, sourceLink) {
  const slug = slugger()
  const groups = face.groups.map((group) => ({ ...group, id: slug(group.title) }))
  const headings = groups.map(({ title, id }) => ({
    depth: 2,
    id,
    text: title,
    html: escape(title),
  }))
  const overview = groups.map(({ title, id, entries }) => {
    const names = entries.map(({ name }) => `<li><a href="#${name}"><code>${name}</code></a></li>`)
    return `<p class="part"><a href="#${id}">${escape(title)}</a></p>\n<ul>${names.join('')}</ul>\n`
  })
  const sections = groups.map(({ title, id, tables, entries }) => {
    const content = tables
      ? constantTables(entries, surroundingsOf, sourceLink)
      : entries.map((entry) => entryHtml(entry, surroundingsOf(entry.path), sourceLink)).join('')
    return `<section aria-labelledby="${id}">\n<h2 id="${id}">${escape(title)}</h2>\n${content}</section>\n`
  })
  const importLine = codeBlock(`import { … } from '${face.name}'`, 'ts')
  const html = `<h1>${face.name}</h1>
<p class="lead">${escape(face.summary)}</p>
${importLine}<nav class="names" aria-label="Names on this page">\n${overview.join('')}</nav>\n${sections.join('')}`
  return { html, headings }
}

/** @param {import('./readApi.mjs').Entry} entry */
function entryHtml(entry, surroundings, sourceLink) {
  const { name, kind, doc, members, path, line } = entry
  const inline = (text) => renderInline(text, surroundings)
  const params = doc.params.map(
    (param) => `<dt><code>${escape(param.name)}</code></dt><dd>${inline(param.text)}</dd>`,
  )
  const facts = [
    params.length === 0 ? '' : fact('Parameters', `<dl>${params.join('')}</dl>`),
    doc.returns === '' ? '' : fact('Returns', `<p>${inline(capital(doc.returns))}</p>`),
    ...doc.throws.map((text) => fact('Throws', `<p>${inline(capital(text))}</p>`)),
  ]
  const list =
    kind === 'constants' ? constants(members, surroundings) : memberList(members, surroundings)
  return `<article class="entry" aria-labelledby="${name}">
<header><h3 id="${name}">${name}<a class="anchor" href="#${name}" aria-label="Link to: ${name}"></a></h3>
<span class="kind">${kind}</span><a class="source" href="${escape(sourceLink(path, line))}">${path}</a></header>
${signature(entry, surroundings)}<div class="description">${renderMarkdown(doc.text, surroundings).html}</div>
${facts.join('')}${list}</article>\n`
}

function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

function fact(title, html) {
  return `<div class="fact"><h4>${title}</h4><div>${html}</div></div>\n`
}

/** The signature, unless the members say it all. */
function signature({ name, kind, code, members }, surroundings) {
  if (members.length > 0 && kind !== 'type' && /^\w+ \w+$/.test(code)) return ''
  const html = linkedCode(code, name, surroundings)
  return `<div class="code"><pre class="signature" tabindex="0" role="group" aria-label="Signature"><code>${html}</code></pre></div>\n`
}

/** Code whose names are links to where they are explained, but for one name. */
function linkedCode(code, own, { nameLink }) {
  return highlight(code, 'ts').replaceAll(/<[^>]*>|&[#\w]+;|[A-Za-z_]\w*/g, (word) => {
    const address = /^[A-Za-z_]/.test(word) && word !== own ? nameLink(word) : undefined
    return address === undefined ? word : `<a href="${escape(address)}">${word}</a>`
  })
}

/** What an interface or a class has. */
function memberList(members, surroundings) {
  if (members.length === 0) return ''
  const rows = members.map(({ name, code, doc, initial }) => {
    const { html } = renderMarkdown(doc.text, surroundings)
    const more = [
      ...doc.params.map(({ name, text }) => `\`${name}\`: ${text}.`),
      doc.returns === '' ? [] : `Returns ${doc.returns}.`,
      ...doc.throws.map((text) => `Throws ${text}.`),
      initial === undefined ? [] : `Default: ${initial}.`,
    ].flat()
    const notes = more.map((text) => `<p class="note">${renderInline(text, surroundings)}</p>`)
    return `<dt><code>${linkedCode(code, name, surroundings)}</code></dt><dd>${html}${notes.join('')}</dd>\n`
  })
  return `<dl class="members">\n${rows.join('')}</dl>\n`
}

/** The members of an object of constants. */
function constants(members, surroundings) {
  const hasText = members.some(({ doc }) => doc.text !== '')
  const rows = members.map(({ name, value, doc }) => {
    const text = hasText ? `<td>${renderInline(doc.text, surroundings)}</td>` : ''
    return `<tr><td><code>${name}</code></td><td class="value"><code>${escape(value)}</code></td>${text}</tr>\n`
  })
  const head = tableHead(['Name', 'Value', ...(hasText ? ['Meaning'] : [])])
  return `${tableBox(`${head}<tbody>${rows.join('')}</tbody>`)}<p class="note">Also a type: one of these values.</p>\n`
}

/** Constants that are a number each, in a table for each topic. */
function constantTables(entries, surroundingsOf, sourceLink) {
  const topics = [...new Set(entries.map(({ topic }) => topic))]
  return topics
    .map((topic) => {
      const rows = entries
        .filter((entry) => entry.topic === topic)
        .map(({ name, value, doc, path, line }) => {
          const text = renderInline(doc.text, surroundingsOf(path))
          const source = `<a class="source" href="${escape(sourceLink(path, line))}" aria-label="Source of ${name}">source</a>`
          return `<tr id="${name}"><td><code>${name}</code></td><td class="value"><code>${escape(value ?? '')}</code></td><td>${text}</td><td>${source}</td></tr>\n`
        })
      const [{ path }] = entries
      const title =
        topic === undefined ? '' : `<h3>${renderInline(topic, surroundingsOf(path))}</h3>\n`
      const head = tableHead(['Name', 'Value', 'Meaning', 'Source'])
      return `${title}${tableBox(`${head}<tbody>${rows.join('')}</tbody>`)}`
    })
    .join('')
}

function tableHead(titles) {
  return `<thead><tr>${titles.map((title) => `<th>${title}</th>`).join('')}</tr></thead>\n`
}

/**
 * All names of all faces, in the order of the alphabet.
 *
 * @param {ReturnType<typeof import('./readApi.mjs').readApi>} faces
 * @param {(address: string) => string} link
 */
export function renderIndex(faces, link) {
  const all = faces.flatMap((face) =>
    face.groups.flatMap(({ entries }) => entries.map((entry) => ({ ...entry, face }))),
  )
  all.sort((a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase()) || compare(a.name, b.name))
  const letters = [...new Set(all.map(({ name }) => name[0].toUpperCase()))]
  const cards = faces.map(({ name, address, summary, groups }) => {
    const count = groups.reduce((sum, { entries }) => sum + entries.length, 0)
    return `<li><a href="${link(address)}"><code>${name}</code></a><span>${escape(summary)} ${count} names.</span></li>\n`
  })
  const lists = letters.map((letter) => {
    const items = all
      .filter(({ name }) => name[0].toUpperCase() === letter)
      .map(
        ({ name, kind, face }) =>
          `<li><a href="${link(`${face.address}#${name}`)}"><code>${name}</code></a> <span>${kind}${face.id === 'main' ? '' : `, ${face.id}`}</span></li>\n`,
      )
    return `<h2 id="${letter}">${letter}</h2>\n<ul class="index">${items.join('')}</ul>\n`
  })
  const jumps = letters.map((letter) => `<a href="#${letter}">${letter}</a>`).join('')
  const html = `<h1>API reference</h1>
<p class="lead">Every function, constant and type that the package exports, by the face it is imported from and in the order of the alphabet.</p>
<ul class="cards">${cards.join('')}</ul>
<nav class="letters" aria-label="Letters">${jumps}</nav>\n${lists.join('')}`
  return { html, headings: [] }
}

function compare(a, b) {
  if (a === b) return 0
  return a < b ? -1 : 1
}
