// Pages that show the files of the repository which other pages link to, so that the site needs nothing beside itself.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, posix } from 'node:path'
import { highlight } from './highlight.mjs'
import { escape } from './html.mjs'

export class SourcePages {
  #root
  #wanted = new Set()

  constructor(root) {
    this.#root = root
  }

  /**
   * The address of a file's or folder's page, which is made as soon as it is asked for.
   *
   * @param {string} path in the repository
   * @returns {string | undefined} `undefined` if there is no such file
   */
  request(path) {
    const file = path.replace(/\/$/, '')
    const found = statSync(join(this.#root, file), { throwIfNoEntry: false })
    if (found === undefined || file.startsWith('..')) return undefined
    this.#wanted.add(file)
    if (found.isFile()) return `source/${file}.html`
    for (const inside of filesIn(join(this.#root, file))) this.#wanted.add(`${file}/${inside}`)
    return `source/${file}/index.html`
  }

  /** @returns {{ path: string, address: string, html: string }[]} */
  render() {
    return [...this.#wanted].map((path) => {
      const isFolder = statSync(join(this.#root, path)).isDirectory()
      const address = isFolder ? `source/${path}/index.html` : `source/${path}.html`
      const html = isFolder ? this.#folder(path) : this.#file(path)
      return { path, address, html: `<h1 class="path">${escape(path)}</h1>\n${html}` }
    })
  }

  #folder(path) {
    const items = filesIn(join(this.#root, path)).map(
      (file) =>
        `<li><a href="${escape(encodeURI(file))}.html"><code>${escape(file)}</code></a></li>`,
    )
    return `<ul class="files">${items.join('\n')}</ul>\n`
  }

  #file(path) {
    const text = readFileSync(join(this.#root, path), 'utf8').replace(/\n$/, '')
    if (text.includes('\0')) return '<p>This file is not text.</p>\n'
    const numbers = text
      .split('\n')
      .map((_, index) => `<a id="L${index + 1}" href="#L${index + 1}">${index + 1}</a>`)
    const code = highlight(text, extname(path).slice(1))
    return `<div class="listing" tabindex="0" role="group" aria-label="Source"><pre class="lines">${numbers.join('\n')}</pre><pre><code>${code}</code></pre></div>\n`
  }
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(entry.parentPath.replaceAll('\\', '/'), entry.name))
    .map((path) => posix.relative(folder.replaceAll('\\', '/'), path))
    .sort()
}
