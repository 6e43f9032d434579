// Code with colours.
import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import { escape } from './html.mjs'

for (const [name, language] of Object.entries({ bash, javascript, json, typescript, xml }))
  hljs.registerLanguage(name, language)

/** What a fence may be marked with: the language, and how it is called above the code. */
const languages = {
  ts: ['typescript', 'TypeScript'],
  typescript: ['typescript', 'TypeScript'],
  js: ['javascript', 'JavaScript'],
  mjs: ['javascript', 'JavaScript'],
  javascript: ['javascript', 'JavaScript'],
  gml: ['javascript', 'GML'],
  sh: ['bash', 'Shell'],
  bash: ['bash', 'Shell'],
  json: ['json', 'JSON'],
  html: ['xml', 'HTML'],
}

/**
 * Code as HTML, without an element around it.
 *
 * @param {string} code
 * @param {string} mark as on a fence; code of an unknown language has no colours
 */
export function highlight(code, mark) {
  const [language] = languages[mark] ?? []
  return language === undefined ? escape(code) : hljs.highlight(code, { language }).value
}

/**
 * A block of code.
 *
 * @param {string} code
 * @param {string} mark
 */
export function codeBlock(code, mark) {
  const label = languages[mark]?.[1]
  const title = label === undefined ? '' : `<span class="language">${label}</span>`
  const name = label === undefined ? 'Text' : `${label} code`
  const html = highlight(code.replace(/\n$/, ''), mark)
  return `<div class="code">${title}<pre tabindex="0" role="group" aria-label="${name}"><code>${html}</code></pre></div>\n`
}
