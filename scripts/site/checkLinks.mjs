// Looks up every link and anchor of the finished pages.
import { posix } from 'node:path'

/**
 * @param {Map<string, { html: string, source?: string }>} pages by address
 * @param {Set<string>} files addresses of what is no page: style, script, pictures
 * @param {(problem: string) => void} report
 */
export function checkLinks(pages, files, report) {
  const anchors = new Map()
  for (const [address, { html, source }] of pages) {
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)
    anchors.set(address, new Set(ids))
    for (const id of new Set(ids))
      if (ids.indexOf(id) !== ids.lastIndexOf(id))
        report(`${source ?? address} has the anchor #${id} twice`)
  }
  for (const [address, { html, source }] of pages)
    for (const link of linksOf(html)) {
      if (/^(https?|mailto|data):/.test(link)) continue
      const [path, hash] = link.split('#')
      const target = path === '' ? address : posix.join(posix.dirname(address), path)
      const from = source ?? address
      const name = pages.get(target)?.source ?? target
      if (!pages.has(target) && !files.has(target))
        report(`${from} links to ${name}, which is not there`)
      else if (hash && !anchors.get(target)?.has(decodeURIComponent(hash)))
        report(`${from} links to ${name}#${decodeURIComponent(hash)}: there is no such anchor`)
    }
}

/** Text has no bare quotation marks here, so these are attributes. */
function linksOf(html) {
  const links = [...html.matchAll(/\s(href|src|srcset)="([^"]*)"/g)].flatMap(([, key, value]) =>
    key === 'srcset' ? value.split(',').map((part) => part.trim().split(' ')[0]) : [value],
  )
  return new Set(links.map((link) => link.replaceAll('&amp;', '&').replaceAll('&#39;', "'")))
}
