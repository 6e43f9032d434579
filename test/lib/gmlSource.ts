import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A value that GML writes into a buffer. */
export type GmlArgument = number | string

/** The events of a GameMaker object, as GML. */
export class GmlSource {
  /** The code of each file without comments, one trimmed line each. */
  readonly files: ReadonlyMap<string, readonly string[]>
  /** What `#macro` lines define. */
  readonly macros: ReadonlyMap<string, string>

  constructor(folder: string) {
    const names = readdirSync(folder).filter((name) => name.endsWith('.gml'))
    this.files = new Map(
      names.map((name) => [name, linesOf(readFileSync(join(folder, name), 'utf8'))]),
    )
    const macros = this.lines.flatMap((line) => {
      const [, name, value] = /^#macro (\w+) (.+)$/.exec(line) ?? []
      return name === undefined || value === undefined ? [] : [{ name, value }]
    })
    this.macros = new Map(macros.map(({ name, value }) => [name, value]))
  }

  /** All lines of all files. */
  get lines(): string[] {
    return [...this.files.values()].flat()
  }

  /** Whether a file has these lines, one directly behind the other. */
  has(file: string, lines: readonly string[]): boolean {
    const all = this.files.get(file) ?? []
    return all.some((_, at) => lines.every((line, index) => all[at + index] === line))
  }

  /** The value of an expression that is a macro, a number or a text. */
  value(expression: string): GmlArgument {
    const text = this.macros.get(expression) ?? expression
    return text.startsWith('"') ? text.slice(1, -1) : Number(text)
  }

  /** The names of the functions that are called. */
  get calls(): string[] {
    const code = this.lines.join('\n').replaceAll(/"[^"]*"/g, '""')
    const words = [...code.matchAll(/\b(\w+)\s*\(/g)].map(([, name]) => name!)
    return [...new Set(words)].sort()
  }
}

/**
 * The bytes that `buffer_write` lines make, in hex: an encoder of its own, which knows the types that the lines have. The
 * values are those of the lines' last arguments.
 */
export function bytesOfWrites(lines: readonly string[], values: readonly GmlArgument[]): string {
  const types = typesIn(lines, /^buffer_write\(\w+, (buffer_\w+), /)
  if (types.length !== values.length) throw new Error(`${types.length} writes`)
  return types.map((type, index) => bytesOf(type, values[index]!)).join('')
}

/** The same for what `buffer_read` lines read. */
export function bytesOfReads(lines: readonly string[], values: readonly GmlArgument[]): string {
  const types = typesIn(lines, /buffer_read\(\w+, (buffer_\w+)\)/)
  if (types.length !== values.length) throw new Error(`${types.length} reads`)
  return types.map((type, index) => bytesOf(type, values[index]!)).join('')
}

/** The last arguments of `buffer_write` lines. */
export function argumentsOfWrites(lines: readonly string[]): string[] {
  return typesIn(lines, /^buffer_write\(\w+, buffer_\w+, (.+)\);$/)
}

function typesIn(lines: readonly string[], pattern: RegExp): string[] {
  return lines.flatMap((line) => pattern.exec(line)?.[1] ?? [])
}

function bytesOf(type: string, value: GmlArgument): string {
  if (typeof value === 'string') {
    if (type !== 'buffer_string') throw new Error(`a text as ${type}`)
    return `${Buffer.from(value).toString('hex')}00`
  }
  const bytes = Buffer.alloc(type === 'buffer_u8' ? 1 : 2)
  if (type === 'buffer_u8') bytes.writeUInt8(value)
  else if (type === 'buffer_u16') bytes.writeUInt16LE(value)
  else if (type === 'buffer_s16') bytes.writeInt16LE(value)
  else throw new Error(`a number as ${type}`)
  return bytes.toString('hex')
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/\/\/.*$/, '').trim())
    .filter((line) => line !== '')
}
