import { isUtf8 } from 'node:buffer'
import { type SessionName, type LineFormat } from './Command.ts'
import { toJson } from './escapeText.ts'

/** What a line of input asks for. */
export type Input =
  | { readonly kind: 'send'; readonly to: string | undefined; readonly bytes: Uint8Array }
  | { readonly kind: 'kick'; readonly who: string }
  | { readonly kind: 'clients' | 'quit' | 'help' }
  | { readonly kind: 'mistake'; readonly message: string }

/**
 * Reads a line of input.
 *
 * @param commands whose commands it may hold; `undefined`: it is sent whatever it holds
 */
export function readInput(
  line: Uint8Array,
  format: LineFormat,
  commands: SessionName | undefined,
): Input {
  // As many characters as bytes.
  const text = Buffer.from(line).toString('latin1')
  if (commands === undefined) return readPayload(text, format, undefined)
  if (text.startsWith('//')) return readPayload(text.slice(1), format, undefined)
  if (text.startsWith('/')) return readSlash(text.trim(), commands)
  if (commands === 'connect' || !text.startsWith('@')) return readPayload(text, format, undefined)
  if (text.startsWith('@@')) return readPayload(text.slice(1), format, undefined)
  const [, to, rest = ''] = /^@(\S+)(?: (.*))?$/s.exec(text) ?? []
  if (to === undefined) return mistake('@ needs a client: @id text')
  return readPayload(rest, format, to)
}

function readSlash(text: string, commands: SessionName): Input {
  const [word, ...rest] = text.split(/\s+/)
  const isListen = commands === 'listen'
  if (word === '/kick' && isListen)
    return rest.length === 1 ? { kind: 'kick', who: rest[0]! } : mistake('usage: /kick id')
  if (rest.length === 0) {
    if (word === '/clients' && isListen) return { kind: 'clients' }
    if (word === '/quit') return { kind: 'quit' }
    if (word === '/help') return { kind: 'help' }
  }
  return mistake(
    `unknown command ${toJson(text)}; /help lists them, // sends a line that begins with /`,
  )
}

function readPayload(text: string, format: LineFormat, to: string | undefined): Input {
  if (format.hexInput) {
    const hex = text.replaceAll(/\s/g, '')
    if (hex.length % 2 !== 0 || /[^\da-f]/i.test(hex))
      return mistake(`not bytes in hex: ${toJson(text)}`)
    return { kind: 'send', to, bytes: Buffer.from(hex, 'hex') }
  }
  const end = format.raw ? format.lineEnd : format.text ? '' : '\0'
  const bytes = Buffer.from(text + end, 'latin1')
  if (format.raw && format.text && !isUtf8(bytes))
    return mistake('not sent: a text message must be UTF-8')
  return { kind: 'send', to, bytes }
}

function mistake(message: string): Input {
  return { kind: 'mistake', message }
}
