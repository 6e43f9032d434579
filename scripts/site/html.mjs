// Text as HTML, and HTML as text.

/** @param {string} text */
export function escape(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" }

/**
 * The text of a piece of HTML.
 *
 * @param {string} html
 */
export function textOf(html) {
  return html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(#?\w+);/g, (all, name) => entities[name] ?? all)
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/**
 * The anchors of one page's headings, as the sites that show Markdown make them, so that links work there too.
 *
 * @returns {(text: string) => string}
 */
export function slugger() {
  const used = new Map()
  return (text) => {
    const slug = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-')
    const count = used.get(slug) ?? 0
    used.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  }
}

const allowedTags = /^<(\/?)(picture|source|img|br)\b([^<>]*?)\/?>$/
const allowedNames = new Set(['src', 'srcset', 'media', 'type', 'alt', 'width', 'height'])

/**
 * A piece of HTML in a document, with its picture addresses changed. `undefined` when it has other than pictures and line
 * breaks; comments are left out.
 *
 * @param {string} html
 * @param {(address: string) => string} picture
 */
export function allowedHtml(html, picture) {
  let isAllowed = true
  const clean = html.replaceAll(/<!--[\s\S]*?-->/g, '').replaceAll(/<[^<>]*>/g, (tag) => {
    const [, slash, name, rest] = allowedTags.exec(tag) ?? []
    if (name === undefined) {
      isAllowed = false
      return ''
    }
    const attributes = [...rest.matchAll(/([\w-]+)\s*=\s*"([^"]*)"/g)].map(([, key, value]) => {
      isAllowed &&= allowedNames.has(key)
      if (key === 'src') return ` ${key}="${picture(value)}"`
      if (key === 'srcset') return ` ${key}="${eachAddress(value, picture)}"`
      return ` ${key}="${value}"`
    })
    return `<${slash}${name}${attributes.join('')}>`
  })
  return isAllowed ? clean : undefined
}

/** A `srcset` is addresses with a size or density each. */
function eachAddress(srcset, picture) {
  return srcset
    .split(',')
    .map((part) => part.trim().replace(/^\S+/, (address) => picture(address)))
    .join(', ')
}
