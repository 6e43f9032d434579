import { type PrintFormat } from './Command.ts'
import { decodeUtf8, toJson } from './escapeText.ts'
import { hexDump } from './hexDump.ts'

/** What is printed of a Networking event. */
export interface EventFacts {
  /** The name of a `NetworkType`. */
  readonly type: string
  /** The other keys, but for the buffer. */
  readonly keys: Readonly<Record<string, unknown>>
  /** The payload of a data event. */
  readonly bytes?: Uint8Array
}

/** How much of a payload people are shown. Programs get all of it. */
const shownBytesMax = 65_536

const colours: Readonly<Record<string, number>> = {
  connect: 32,
  disconnect: 31,
  data: 36,
  nonBlockingConnect: 32,
}

/** An event as it is printed, without the line's end. Nothing in it can command a terminal. */
export function printEvent(event: EventFacts, format: PrintFormat, isColoured = false): string {
  return format.json ? jsonOf(event) : textOf(event, format.hex, isColoured)
}

function jsonOf({ type, keys, bytes }: EventFacts): string {
  if (bytes === undefined) return toJson({ type, ...keys })
  const text = decodeUtf8(bytes)?.replace(/\0$/, '')
  return toJson({ type, ...keys, hex: Buffer.from(bytes).toString('hex'), text })
}

function textOf({ type, keys, bytes }: EventFacts, isHex: boolean, isColoured: boolean): string {
  const name = type.padEnd(10)
  const words = [isColoured ? `\x1b[${colours[type] ?? 0}m${name}\x1b[0m` : name]
  for (const [key, value] of Object.entries(keys)) words.push(`${key}=${toWord(value)}`)
  if (bytes === undefined) return words.join(' ')
  const shown = cut(bytes)
  const quoted = isHex ? undefined : quote(shown)
  const lines = [quoted === undefined ? words.join(' ') : `${words.join(' ')} ${quoted}`]
  if (quoted === undefined && shown.length > 0) lines.push(hexDump(shown))
  if (shown.length < bytes.length)
    lines.push(`  … and ${bytes.length - shown.length} bytes more; --json shows all`)
  return lines.join('\n')
}

/** What is shown of a payload: whole characters, if it is text. */
function cut(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= shownBytesMax) return bytes
  const isInside = (at: number): boolean => (bytes[at]! & 0xc0) === 0x80
  let end = shownBytesMax
  while (isInside(end) && end > shownBytesMax - 3) end--
  return bytes.subarray(0, end)
}

function toWord(value: unknown): string {
  return toJson(value).replace(/^"([\w.:%]+)"$/, '$1')
}

/** Text in quotes, with `\0` for a NUL at its end; or `undefined` for what people could not read. */
function quote(bytes: Uint8Array): string | undefined {
  const hasNul = bytes.at(-1) === 0
  const text = decodeUtf8(hasNul ? bytes.subarray(0, -1) : bytes)
  if (text === undefined || /(?![\t\n\r])\p{Cc}/u.test(text)) return undefined
  return hasNul ? `${toJson(text).slice(0, -1)}\\0"` : toJson(text)
}
