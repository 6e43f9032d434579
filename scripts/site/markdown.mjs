// Markdown as HTML: headings with anchors, code with colours, tables that scroll, links that fit the site.
import { Marked } from 'marked'
import { codeBlock } from './highlight.mjs'
import { allowedHtml, escape, slugger, textOf } from './html.mjs'

/**
 * @typedef {object} Surroundings what a text needs to know of the site
 * @property {(address: string) => string} link the address of a link, from where it stands
 * @property {(address: string) => string} picture the address of a picture, from where it stands
 * @property {(name: string) => string | undefined} nameLink where an exported name is explained
 * @property {(problem: string) => void} report
 * @property {boolean} [isComment] a doc comment: no HTML, no headings
 */

/**
 * @param {string} text
 * @param {Surroundings} surroundings
 */
export function renderMarkdown(text, surroundings) {
  const headings = []
  const html = markedFor(surroundings, headings).parse(text, { async: false })
  return { html, headings }
}

/**
 * One line, without a paragraph around it.
 *
 * @param {string} text
 * @param {Surroundings} surroundings
 */
export function renderInline(text, surroundings) {
  return markedFor(surroundings, []).parseInline(text, { async: false })
}

function markedFor({ link, picture, nameLink, report, isComment = false }, headings) {
  const slug = slugger()
  let insideLink = false

  const renderer = {
    heading({ tokens, depth }) {
      insideLink = true
      const html = this.parser.parseInline(tokens)
      insideLink = false
      const text = textOf(html)
      if (isComment) return `<p><strong>${html}</strong></p>\n`
      const id = slug(text)
      headings.push({ depth, id, text, html })
      const anchor =
        depth === 1
          ? ''
          : `<a class="anchor" href="#${id}" aria-label="Link to: ${escape(text)}"></a>`
      return `<h${depth} id="${id}">${html}${anchor}</h${depth}>\n`
    },
    code({ text, lang }) {
      return codeBlock(text, (lang ?? '').split(' ')[0])
    },
    codespan({ text }) {
      const code = `<code>${escape(text)}</code>`
      const address = insideLink ? undefined : nameLink(text)
      return address === undefined ? code : `<a class="name" href="${escape(address)}">${code}</a>`
    },
    link({ href, title, tokens }) {
      insideLink = true
      const html = this.parser.parseInline(tokens)
      insideLink = false
      const hint = title ? ` title="${escape(title)}"` : ''
      return `<a href="${escape(link(href))}"${hint}>${html}</a>`
    },
    image({ href, text, title }) {
      const hint = title ? ` title="${escape(title)}"` : ''
      return `<img src="${escape(picture(href))}" alt="${escape(text)}"${hint}>`
    },
    html({ text }) {
      if (isComment) return escape(text)
      const html = allowedHtml(text, (address) => escape(picture(address)))
      if (html === undefined) report(`HTML that is no picture and no line break: ${text.trim()}`)
      return html ?? ''
    },
    table({ header, rows }) {
      const cells = (row, tag) =>
        row
          .map(({ tokens, align }) => {
            const style = align ? ` class="${align}"` : ''
            return `<${tag}${style}>${this.parser.parseInline(tokens)}</${tag}>`
          })
          .join('')
      const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>\n`).join('')
      const head = header.every(({ text }) => text === '')
        ? ''
        : `<thead><tr>${cells(header, 'th')}</tr></thead>\n`
      return tableBox(`${head}<tbody>${body}</tbody>`)
    },
  }
  return new Marked({ renderer, gfm: true })
}

/**
 * A table that scrolls by itself where the page is narrow.
 *
 * @param {string} content
 */
export function tableBox(content) {
  return `<div class="table" tabindex="0" role="group" aria-label="Table"><table>${content}</table></div>\n`
}
