// What the search finds: pages, their headings, and every exported name. A script, not JSON, since a page that is opened as
// a file may not fetch.

/**
 * @typedef {[title: string, address: string, where: string, isName: 0 | 1]} Found
 *
 * @param {{ address: string, title: string, headings: { depth: number, id: string, text: string }[] }[]} pages
 * @param {ReturnType<typeof import('./readApi.mjs').readApi>} faces
 */
export function searchIndex(pages, faces) {
  /** @type {Found[]} */
  const found = []
  for (const { name, address, groups } of faces) {
    found.push([name, address, 'Reference', 0])
    for (const { entries } of groups)
      for (const entry of entries)
        found.push([entry.name, `${address}#${entry.name}`, `${entry.kind} · ${name}`, 1])
  }
  for (const { address, title, section, headings } of pages) {
    found.push([title, address, section, 0])
    for (const { depth, id, text } of headings)
      if (depth > 1) found.push([text, `${address}#${id}`, title, 0])
  }
  return `globalThis.siteIndex = [\n${found.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`
}
