// The documents as plain Markdown, for programs that read: llms.txt names them, llms-full.txt has them all, and each page has
// its own file beside it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { documents, homeSource, sections } from './navigation.mjs'

/** The first paragraph of a document, as one line without marks. */
export function describe(root, source) {
  const text = readFileSync(join(root, source), 'utf8').replace(/^---\n.*?\n---\n/s, '')
  const paragraph = text
    .split(/\n{2,}/)
    .find((part) => /^[\p{L}\p{N}`*[“]/u.test(part) && !part.startsWith('* '))
  return (paragraph ?? '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[`*]/g, '')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 240)
    .replace(/(?<=.{100}[.:]) .*$/, '')
}

/** @param {{ root: string, outDir: string, reference: import('./buildReference.mjs').Reference }} options */
export function writeLlms({ root, outDir, reference }) {
  const { name, description } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url)),
  )
  const lines = [`# ${name}`, '', `> ${description}`, '']
  const full = [...lines]
  const write = (path, text) => {
    mkdirSync(dirname(join(outDir, path)), { recursive: true })
    writeFileSync(join(outDir, path), text)
  }
  const add = (page, title, text, summary) => {
    write(page, text)
    lines.push(`- [${title}](/${page})${summary === '' ? '' : `: ${summary}`}`)
    full.push(`<!-- ${page} -->\n`, text.trim(), '')
  }
  for (const { text, items } of sections) {
    lines.push(`## ${text}`, '')
    for (const { text: title, source } of items) {
      if (source === undefined) continue
      const page = documents.get(source)
      add(page, title, plainText(root, source, page), describe(root, source))
    }
    lines.push('')
  }
  lines.push('## Reference', '')
  for (const { name, pages } of reference.faces)
    for (const { title, path } of pages) {
      const text = readFileSync(join(root, 'build', path), 'utf8')
      if (path.endsWith('/index.md')) write(path, text)
      else add(path, title === name ? name : `${name}: ${title}`, text, '')
    }
  write('llms.txt', `${lines.join('\n').trim()}\n`)
  write('llms-full.txt', `${full.join('\n').trim()}\n`)
}

/** A document, with links as they are from its page. */
function plainText(root, source, page) {
  const text = readFileSync(join(root, source), 'utf8')
  return text.replaceAll(/\]\(([^():#\s]+)(#[^()\s]*)?\)/g, (link, path, hash = '') => {
    const target = posix.join(posix.dirname(source), path)
    const other = documents.get(target)
    if (other === undefined || source === homeSource) return link
    return `](${posix.relative(posix.dirname(page), other)}${hash})`
  })
}
