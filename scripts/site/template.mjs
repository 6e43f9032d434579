// What is around the content of every page.
import { posix } from 'node:path'
import { escape } from './html.mjs'

/** Ticks, and a message that waits for the next one. */
const mark = `<svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path d="M3 20h18M5 20v-5M12 20v-9M19 20v-5"/><circle cx="12" cy="5" r="2.5"/></svg>`

/**
 * @typedef {object} Page
 * @property {string} address
 * @property {string} title
 * @property {string} html
 * @property {{ depth: number, id: string, text: string, html: string }[]} headings
 * @property {string} [section] the one of the menu
 * @property {string} [kind] for the style
 * @property {string} [description]
 *
 * @typedef {{ title: string, items: { address: string, label: string }[] }[]} Menu
 */

/**
 * @param {Page} page
 * @param {Menu} menu
 * @param {string} version
 */
export function renderPage(page, menu, version) {
  const { address, title, html, headings, section, kind = 'document', description } = page
  const up = posix.relative(posix.dirname(address), '.') || '.'
  const link = (target) => posix.relative(posix.dirname(address), target)
  const isHome = kind === 'home'
  const name = 'bitecs-networking'
  const eyebrow =
    section === undefined || isHome ? '' : `<p class="eyebrow">${escape(section)}</p>\n`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${isHome ? `${name}: GameMaker’s Networking event for bitECS` : `${escape(title)} · ${name}`}</title>
${description === undefined ? '' : `<meta name="description" content="${escape(description)}">\n`}<link rel="icon" href="${link('assets/mark.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${link('assets/style.css')}">
<script src="${link('assets/site.js')}" defer></script>
</head>
<body class="${kind}" data-up="${up}">
<a class="skip" href="#content">Skip to the content</a>
<header class="top">
<a class="brand" href="${link('index.html')}">${mark}<span>${name}</span></a><span class="version">${escape(version)}</span>
<search class="search"><label class="hidden" for="search">Search</label><input id="search" type="search" placeholder="Search" autocomplete="off" spellcheck="false" aria-keyshortcuts="/" aria-controls="results"><kbd aria-hidden="true">/</kbd>
<div id="results" hidden><p role="status"></p><ul></ul></div></search>
<button class="fold" type="button" aria-expanded="false" aria-controls="menu">Menu</button>
</header>
<div class="columns">
<nav id="menu" class="menu" aria-label="Documentation">
${menu.map((part) => menuPart(part, address, link)).join('')}</nav>
<main id="content" tabindex="-1">
${eyebrow}${html}${pager(menu, address, link)}</main>
${outline(headings)}</div>
<footer class="bottom"><p>${name} ${escape(version)} · <a href="${link('source/LICENSE.html')}">MIT licence</a> · <a href="${link('changelog.html')}">Changelog</a></p></footer>
</body>
</html>
`
}

function menuPart({ title, items }, address, link) {
  const rows = items.map((item) => {
    const current = item.address === address ? ' aria-current="page"' : ''
    return `<li><a href="${link(item.address)}"${current}>${escape(item.label)}</a></li>\n`
  })
  return `<p class="part">${escape(title)}</p>\n<ul>${rows.join('')}</ul>\n`
}

/** The headings of the page, where there is room beside it. */
function outline(headings) {
  const rows = headings
    .filter(({ depth }) => depth === 2 || depth === 3)
    .map(({ depth, id, html }) => {
      const text = html.replaceAll(/<\/?a\b[^>]*>/g, '')
      return `<li class="depth-${depth}"><a href="#${id}">${text}</a></li>\n`
    })
  if (rows.length < 2) return ''
  return `<nav class="outline" aria-label="On this page"><p class="part">On this page</p>\n<ul>${rows.join('')}</ul></nav>\n`
}

/** The pages before and after this one. */
function pager(menu, address, link) {
  const all = menu.flatMap(({ items }) => items)
  const place = all.findIndex((item) => item.address === address)
  if (place === -1) return ''
  const [before, after] = [all[place - 1], all[place + 1]]
  const one = (item, kind, word) =>
    item === undefined
      ? ''
      : `<a class="${kind}" href="${link(item.address)}"><span>${word}</span>${escape(item.label)}</a>`
  return `<nav class="pager" aria-label="Neighbouring pages">${one(before, 'before', 'Before')}${one(after, 'after', 'Next')}</nav>\n`
}

/** The mark as a file, for the browser's tab. */
export const markFile = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#0d7a74" stroke-width="2.5" stroke-linecap="round"><path d="M3 20h18M5 20v-5M12 20v-9M19 20v-5"/><circle cx="12" cy="5" r="2.5" fill="#0d7a74" stroke="none"/></svg>
`
