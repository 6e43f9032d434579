// The colours of code, which are read well on the panels of the site (style.css).

const light = {
  type: 'light',
  foreground: '#1b211f',
  background: '#f4f5f3',
  comment: '#5c6763',
  word: '#9c2463',
  text: '#1a6b35',
  number: '#8a4a00',
  name: '#1d55a6',
  kind: '#6b3fb0',
}

const dark = {
  type: 'dark',
  foreground: '#e3e8e6',
  background: '#1a1f1e',
  comment: '#94a09c',
  word: '#f191bd',
  text: '#93d6a5',
  number: '#efb673',
  name: '#8fbcff',
  kind: '#c5aaff',
}

export const codeColours = { light: themeOf(light), dark: themeOf(dark) }

function themeOf({ type, foreground, background, comment, word, text, number, name, kind }) {
  return {
    name: `bitecs-networking-${type}`,
    type,
    colors: { 'editor.foreground': foreground, 'editor.background': background },
    tokenColors: [
      rule(comment, 'comment', 'punctuation.definition.comment'),
      rule(word, 'keyword', 'storage', 'entity.name.tag', 'keyword.operator.new'),
      rule(foreground, 'keyword.operator', 'punctuation', 'variable'),
      rule(text, 'string', 'punctuation.definition.string', 'markup.inline'),
      rule(number, 'constant', 'entity.other.attribute-name', 'support.type.property-name.json'),
      rule(name, 'entity.name.function', 'support.function', 'meta.function-call entity.name'),
      rule(
        kind,
        'entity.name.type',
        'support.type',
        'support.class',
        'entity.other.inherited-class',
      ),
    ],
  }
}

function rule(color, ...scope) {
  return { scope, settings: { foreground: color } }
}
