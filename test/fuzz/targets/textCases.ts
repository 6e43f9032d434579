// What targets of texts share.

import * as assert from 'uvu/assert'

export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Names of members: what a prototype has, what GameMaker cuts, what JavaScript sorts. */
export const names: readonly string[] = [
  'a',
  '__proto__',
  'constructor',
  'a\0',
  'polluted',
  '10',
  '',
  'é\ud83d\ude00',
]

/** What is written, or `undefined` for what cannot be, which is documented. */
export function written(write: () => string): string | undefined {
  try {
    return write()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

export function checkPrototypes(): void {
  assert.is(Object.keys(Object.prototype).length, 0)
  assert.is(Reflect.get({}, 'polluted'), undefined)
}
