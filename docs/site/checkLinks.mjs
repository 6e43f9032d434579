// Looks up every link, picture and anchor of the finished pages.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

/**
 * @param {string} folder where the site stands
 * @param {string} base its path on the server
 * @returns {string[]} what leads nowhere
 */
export function checkLinks(folder, base) {
  const pages = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => name.endsWith('.html') && name !== '404.html')
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  )
  const anchors = new Map(
    [...pages].map(([name, html]) => [
      name,
      new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)),
    ]),
  )
  const problems = new Set()
  for (const [name, html] of pages)
    for (const [, link] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
      if (/^[a-z]+:/i.test(link)) continue
      const [path, hash] = link.replaceAll('&amp;', '&').split('#')
      const target = targetOf(name, path, base)
      if (!pages.has(target) && !existsSync(join(folder, target)))
        problems.add(`${name} links to ${target}, which is not there`)
      else if (hash && pages.has(target) && !anchors.get(target).has(decodeURIComponent(hash)))
        problems.add(`${name} links to ${target}#${hash}: there is no such anchor`)
    }
  return [...problems]
}

function targetOf(from, path, base) {
  if (path === '') return from
  const target = path.startsWith('/')
    ? posix.relative(base, path) + (path.endsWith('/') && path !== base ? '/' : '')
    : posix.join(posix.dirname(from), path)
  if (target === '') return 'index.html'
  return target.endsWith('/') ? `${target}index.html` : target
}
