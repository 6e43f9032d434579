// What the search finds, and how soon.

/**
 * The words of a text. A word with hyphens is found without them too: back-pressure, backpressure. It runs in the page as
 * well, so it stands on its own.
 */
export function tokenize(text) {
  const words = text.split(/[\n\r\p{Z}\p{P}]+/u)
  const joined = (text.match(/[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)+/gu) ?? []).map((word) =>
    word.replaceAll('-', ''),
  )
  return [...words, ...joined]
}

/**
 * The parts of a page: its headings with the text below them, without code, and the rows of tables that have a name.
 *
 * @param {string} path
 * @param {string} html
 */
export function* searchSections(path, html) {
  const parts = html.split(/(?=<h[1-6] id=")/)
  const above = []
  for (const part of parts) {
    const [, depth, anchor, heading, rest] =
      /^<h([1-6]) id="([^"]*)"[^>]*>(.*?)<\/h\1>(.*)$/s.exec(part) ?? []
    if (depth === undefined) continue
    const title = textOf(heading.replace(/<a class="header-anchor".*?<\/a>/s, ''))
    above.length = Number(depth) - 1
    above.push(title)
    const titles = above.filter((name) => name !== undefined)
    yield { anchor, titles, text: textOf(rest) }
    for (const [, name, row] of rest.matchAll(/<td><code id="([^"]*)">(.*?)<\/tr>/gs))
      yield { anchor: name, titles: [...titles, name], text: textOf(row) }
  }
}

function textOf(html) {
  return html
    .replaceAll(/<div class="language-.*?<\/pre>|<!--.*?-->/gs, ' ')
    .replaceAll(/<\/?(?:td|th|tr|li|p|br|h[1-6])\b[^>]*>/g, ' ')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/[\s\u200b]+/g, ' ')
    .trim()
}

/**
 * VitePress' box waits 200 ms after a key, calls itself a button around its own buttons, names keys that have no role, and has
 * links in its options, which then are the options; the key on the button that opens it is no part of its name, so it stands in
 * style.css.
 */
const changes = {
  'VPLocalSearchBox.vue': [
    ['{ debounce: 200, immediate: true }', '{ debounce: 10, immediate: true }'],
    ['role="button"', 'role="dialog" aria-modal="true"'],
    [`:aria-owns="results?.length ? 'localsearch-list' : undefined"`, ''],
    [`aria-expanded="true"\n      aria-haspopup="listbox"`, ''],
    ['<kbd :aria-label', '<kbd role="img" :aria-label'],
    [
      `:id="'localsearch-item-' + index"\n            :aria-selected="selectedIndex === index ? 'true' : 'false'"\n            role="option"`,
      'role="presentation"',
    ],
    [
      '<a\n              :href="p.id"',
      `<a :id="'localsearch-item-' + index" role="option" :aria-selected="selectedIndex === index"\n              :href="p.id"`,
    ],
  ],
  'VPNavBarSearchButton.vue': [
    ['<kbd class="DocSearch-Button-Key">K</kbd>', '<kbd class="DocSearch-Button-Key"></kbd>'],
  ],
}

export function mendSearchBox() {
  return {
    name: 'mend-search-box',
    enforce: 'pre',
    transform(code, id) {
      const file = id.slice(id.lastIndexOf('/') + 1)
      return changes[file]?.reduce((text, [from, to]) => {
        if (!text.includes(from)) throw new Error(`VitePress' ${file} has no ${from} any more`)
        return text.replaceAll(from, to)
      }, code)
    },
  }
}
