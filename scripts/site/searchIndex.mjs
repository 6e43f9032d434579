// What the search finds: pages, their parts with the text in them, every exported name and its members. A script, not JSON,
// since a page that is opened as a file may not fetch.
import { textOf } from './html.mjs'

/**
 * @typedef {[title: string, address: string, where: string, isName: 0 | 1, text: string]} Found
 *
 * @param {{ address: string, title: string, section: string, html: string }[]} pages
 * @param {ReturnType<typeof import('./readApi.mjs').readApi>} faces
 */
export function searchIndex(pages, faces) {
  const found = [...faces.flatMap(inFace), ...pages.flatMap(inPage)]
  return `globalThis.siteIndex = [\n${found.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`
}

/** @returns {Found[]} */
function inFace({ name: face, address, groups }) {
  const found = [[face, address, 'Reference', 0, '']]
  for (const { entries } of groups)
    for (const { name, kind, doc, members } of entries) {
      const target = `${address}#${name}`
      found.push([name, target, `${kind} · ${face}`, 1, wordsOf(doc)])
      for (const member of members)
        if (member.name !== '')
          found.push([member.name, target, `${name} · ${face}`, 1, wordsOf(member.doc)])
    }
  return found
}

/** @returns {string} */
function wordsOf({ text, params, returns, throws }) {
  const parts = [text, ...params.map((param) => param.text), returns, ...throws]
  return parts.join(' ').replaceAll('`', '').replaceAll(/\s+/g, ' ').trim()
}

/** @returns {Found[]} */
function inPage({ address, title, section, html }) {
  const [, ...parts] = html.split(/<h[1-6] id="/)
  return parts.map((part, index) => {
    const [, id, heading, rest] = /^([^"]*)">(.*?)<\/h[1-6]>(.*)$/s.exec(part)
    const prose = rest.replaceAll(/<pre\b.*?<\/pre>|<span class="language">.*?<\/span>/gs, '')
    // The end of a cell or a paragraph ends a word too.
    const text = textOf(prose.replaceAll(/<\/(?:td|th|li|p)>/g, ' $&'))
    if (index === 0) return [title, address, section, 0, text]
    return [textOf(heading), `${address}#${id}`, title, 0, text]
  })
}
