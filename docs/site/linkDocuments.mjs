// Links of documents, which lead from file to file in the repository, as links between pages; and names of the package in
// code, as links to the reference.
import { existsSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { documents, referenceFolder } from './navigation.mjs'

/** What is a file of the site, not a page. */
const files = new Map([['LICENSE', '/LICENSE.txt']])

/** The anchor of a heading as code hosts make it, so that a link works in both places. */
export function githubSlug(text) {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-')
}

/**
 * @param {{ root: string, names: Record<string, string> }} options `names`: where each is explained
 * @returns `install`, for Markdown-it, and the `problems` it has found
 */
export function linkDocuments({ root, names }) {
  const problems = new Set()

  function install(md) {
    md.core.ruler.push('site-links', (state) => {
      const source = sourceOf(state.env)
      if (source === undefined) return
      let isHeading = false
      for (const token of state.tokens) {
        if (token.type === 'heading_open') isHeading = true
        // A table that is wider than the page is scrolled, by keyboard too.
        if (token.type === 'table_open') token.attrSet('tabindex', '0')
        if (token.type === 'heading_close') isHeading = false
        if (token.type === 'html_block') mendPictures(token, source)
        if (token.type !== 'inline' || token.children === null) continue
        for (const child of token.children) {
          if (child.type === 'link_open') redirect(child, source)
          if (child.type === 'image') child.attrSet('src', pictureOf(child.attrGet('src'), source))
          if (child.type === 'html_inline') mendPictures(child, source)
        }
        if (!isHeading) token.children = linkNames(token.children, state.Token)
      }
    })
  }

  function sourceOf({ realPath, path }) {
    const file = realPath ?? path
    return file === undefined ? undefined : posix.relative(root.replace(/\/$/, ''), file)
  }

  function redirect(link, source) {
    const href = link.attrGet('href')
    if (/^(?:[a-z]+:|#|\/)/i.test(href) || link.attrGet('class') === 'header-anchor') return
    const [path, hash] = href.split('#')
    const target = posix.join(posix.dirname(source), decodeURI(path)).replace(/\/$/, '')
    const address = addressOf(target)
    if (address === undefined) {
      problems.add(`${source} links to ${target}, which is not a page of the site`)
      link.attrSet('href', '#')
    } else link.attrSet('href', address + (hash === undefined ? '' : `#${hash}`))
  }

  function mendPictures(html, source) {
    html.content = html.content.replaceAll(
      / src="([^"]*)"/g,
      (_, path) => ` src="${pictureOf(path, source)}"`,
    )
  }

  function pictureOf(path, source) {
    if (/^(?:[a-z]+:|\/)/i.test(path)) return path
    if (!existsSync(join(root, posix.dirname(source), decodeURI(path)))) {
      problems.add(`${source} has no picture ${path}`)
      return 'data:,'
    }
    // Vue takes a path without a dot for a package.
    return path.startsWith('.') ? path : `./${path}`
  }

  function addressOf(target) {
    const page = documents.get(target) ?? documents.get(`${target}/README.md`)
    if (page !== undefined) return existsSync(join(root, target)) ? `/${page}` : undefined
    if (files.has(target)) return files.get(target)
    if (!target.startsWith(`${referenceFolder}/`)) return undefined
    return statSync(join(root, target), { throwIfNoEntry: false })?.isFile()
      ? target.replace(referenceFolder, '/reference')
      : undefined
  }

  function linkNames(tokens, Token) {
    let depth = 0
    return tokens.flatMap((token) => {
      if (token.type === 'link_open') depth++
      if (token.type === 'link_close') depth--
      if (token.type !== 'code_inline' || depth > 0) return token
      const name = token.content.replace(/\(.*\)$/s, '')
      if (!Object.hasOwn(names, name)) return token
      const open = new Token('link_open', 'a', 1)
      open.attrSet('href', `/${names[name]}`)
      open.attrSet('class', 'name')
      return [open, token, new Token('link_close', 'a', -1)]
    })
  }

  return { install, problems }
}
