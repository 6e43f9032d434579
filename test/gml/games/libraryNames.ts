// What a GameMaker object and its port have in common: GameMaker's network, buffer and data structure functions and constants,
// enums and macros, and true and false, in the order in which they stand in the text; with a call its arguments, unless there
// are calls or accessors in them.

const name =
  /\b(?:(?:network|buffer|ds|json|md5|sha1|string_byte)_\w+(?:(?<!_find_value|ds_map_set)\([^()[\]{}]*\))?|(?:true|false|noone)\b|[A-Z]{2,}[._][A-Z]+)/g

/** Those of an object; an accessor is the function that the guide has in its place. */
export function namesInGml(text: string): string[] {
  const code = text
    .replaceAll(/@'[^']*'|"(?:\\.|[^"\\])*"|\/\/.*/g, '')
    .replaceAll(/#macro .*/g, '')
    .replaceAll(/enum \w+\s*\{[^}]*\}/g, '')
  return namesIn(withoutAccessors(code))
}

/** Those of a port, but for its imports. */
export function namesInPort(text: string): string[] {
  const code = text
    .replaceAll(/^import \{[^}]*\} from .*$/gm, '')
    .replaceAll(/'(?:\\.|[^'\\])*'|\/\/.*/g, '')
  return namesIn(code)
}

function namesIn(code: string): string[] {
  return [...code.matchAll(name)].map(([found]) => asInGml(found))
}

/** Without what a port may write otherwise: a bigint is an int64, which looks as other numbers do. */
function asInGml(call: string): string {
  return call
    .replaceAll(/\s/g, '')
    .replace(/,\)$/, ')')
    .replaceAll('===', '==')
    .replaceAll(/\b(\d+)n\b/g, '$1')
}

function withoutAccessors(code: string): string {
  return code.replaceAll(/\[([?|]) /g, (_, kind: string, at: number) => {
    if (kind === '|') return '[ds_list_find_value '
    const [assignment] = /^ \+?=(?!=)/.exec(code.slice(closing(code, at) + 1)) ?? []
    if (assignment === undefined) return '[ds_map_find_value '
    return assignment === ' =' ? '[ds_map_set ' : '[ds_map_set ds_map_find_value '
  })
}

/** Where the bracket at `from` closes. */
function closing(code: string, from: number): number {
  let depth = 0
  for (let at = from; at < code.length; at++) {
    if (code[at] === '[') depth++
    if (code[at] === ']' && --depth === 0) return at
  }
  throw new Error('a bracket does not close')
}
