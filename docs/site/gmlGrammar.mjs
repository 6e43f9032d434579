// GameMaker's language, as far as colours need it.

const keywords =
  'var globalvar if else then begin end for while do until repeat with switch case default break continue exit return ' +
  'function constructor new delete try catch finally throw static enum and or not xor div mod'
const constants =
  'self other all noone global true false undefined infinity NaN pi pointer_null async_load'

/** @type {import('vitepress').MarkdownOptions['languages'][number]} */
export const gmlGrammar = {
  name: 'gml',
  scopeName: 'source.gml',
  patterns: [
    { name: 'comment.line.double-slash.gml', match: '//.*$' },
    { name: 'comment.block.gml', begin: '/\\*', end: '\\*/' },
    { name: 'keyword.control.gml', match: '^\\s*#\\w+' },
    {
      name: 'string.quoted.double.gml',
      begin: '[@$]?"',
      end: '"',
      patterns: [{ name: 'constant.character.escape.gml', match: '\\\\.' }],
    },
    { name: 'string.quoted.single.gml', begin: "@'", end: "'" },
    {
      name: 'constant.numeric.gml',
      match: '\\b(?:0x[0-9a-fA-F_]+|0b[01_]+|[0-9][0-9_]*(?:\\.[0-9]+)?)\\b|\\$[0-9a-fA-F]+\\b',
    },
    { name: 'keyword.control.gml', match: `\\b(?:${keywords.replaceAll(' ', '|')})\\b` },
    { name: 'constant.language.gml', match: `\\b(?:${constants.replaceAll(' ', '|')})\\b` },
    {
      name: 'constant.language.gml',
      match:
        '\\b(?:network_(?:socket|type|config)|buffer_(?:u|s|f|string|text|bool|grow|fixed|wrap|fast|seek)|ev)_?\\w*\\b(?!\\s*\\()',
    },
    { name: 'entity.name.function.gml', match: '\\b[A-Za-z_]\\w*(?=\\s*\\()' },
    { name: 'keyword.operator.gml', match: '[-+*/%=<>!&|^~?:]+' },
    { name: 'variable.other.gml', match: '\\b[A-Za-z_]\\w*\\b' },
  ],
}
