// The parts of a doc comment.

/**
 * @typedef {object} DocComment
 * @property {string} text Markdown
 * @property {{ name: string, text: string }[]} params
 * @property {string} returns
 * @property {string[]} throws
 */

/**
 * @param {string} comment from `/**` to its end; anything else is an empty comment
 * @returns {DocComment}
 */
export function parseDocComment(comment) {
  const doc = { text: '', params: [], returns: '', throws: [] }
  if (!comment.startsWith('/**')) return doc
  const lines = comment
    .slice(3, -2)
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
  const [text, ...tags] = lines.join('\n').split(/^@(?=\w)/m)
  doc.text = prose(text)
  for (const block of tags) {
    const [, tag, rest] = /^(\w+)\s*([\s\S]*)$/.exec(block)
    if (tag === 'param') {
      const [, name, what] = /^(\S+)\s*([\s\S]*)$/.exec(rest)
      doc.params.push({ name, text: prose(what) })
    } else if (tag === 'returns') doc.returns = prose(rest)
    else if (tag === 'throws') doc.throws.push(prose(rest))
    else throw new Error(`a doc comment has the tag @${tag}, which the reference does not show`)
  }
  return doc
}

/** Links of doc comments are names in backticks here. */
function prose(text) {
  return text.trim().replaceAll(/\{@link\s+([^\s}]+)[^}]*\}/g, '`$1`')
}
