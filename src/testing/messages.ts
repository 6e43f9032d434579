// The messages of the suite, and what may be wrong with those that arrive.

import { type TransportCapabilities } from '../index.ts'

/** The bytes of a message: the number in front, as far as it fits, so that no two are the same. */
export function createMessage(number: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size; at++) bytes[at] = number * 13 + at * 7 + (at >> 8)
  for (let at = 0; at < Math.min(4, size); at++) bytes[at] = number >>> (8 * at)
  return bytes
}

export function createMessages(count: number, sizeOf: (number: number) => number): Uint8Array[] {
  return Array.from({ length: count }, (_, number) => createMessage(number, sizeOf(number)))
}

/** The same numbers on every run, below `limit` (Numerical Recipes' generator). */
export function createRandom(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function bytesOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0)
}

type Promises = Pick<TransportCapabilities, 'ordered' | 'reliable' | 'boundaries'>

/** Whether as much has arrived as can be waited for: all of it, or where messages may be lost, something. */
export function isThere(
  sent: readonly Uint8Array[],
  received: readonly Uint8Array[],
  { reliable, boundaries }: Promises,
): boolean {
  if (!reliable) return sent.length === 0 || received.length > 0
  return boundaries === 'stream'
    ? bytesOf(received) >= bytesOf(sent)
    : received.length >= sent.length
}

/** What is wrong with what has arrived, given what was sent; `undefined` if nothing is. */
export function findFault(
  sent: readonly Uint8Array[],
  received: readonly Uint8Array[],
  promises: Promises,
): string | undefined {
  return promises.boundaries === 'stream'
    ? findStreamFault(join(sent), join(received))
    : findMessageFault(sent, received, promises)
}

function findStreamFault(sent: Uint8Array, received: Uint8Array): string | undefined {
  const at = sent.findIndex((byte, index) => byte !== received[index])
  if (at >= 0 && at < received.length)
    return `byte ${at} is ${received[at]}, but ${sent[at]} was sent`
  return sent.length === received.length
    ? undefined
    : `${received.length} bytes have arrived, but ${sent.length} were sent`
}

function findMessageFault(
  sent: readonly Uint8Array[],
  received: readonly Uint8Array[],
  { ordered, reliable }: Promises,
): string | undefined {
  // By content: where each message stands among the sent ones, as often as it was sent.
  const places = new Map<string, number[]>()
  for (const [place, bytes] of sent.entries()) {
    const key = keyOf(bytes)
    const known = places.get(key)
    if (known === undefined) places.set(key, [place])
    else known.push(place)
  }
  let last = -1
  for (const [index, bytes] of received.entries()) {
    const known = places.get(keyOf(bytes))
    const what = `message ${index} that arrived (${bytes.length} bytes)`
    if (known === undefined) return `${what} was never sent`
    const place = known.shift()
    if (place === undefined) return `${what} has arrived more often than it was sent`
    if (ordered && place < last) return `${what} was sent as number ${place}, before number ${last}`
    last = place
  }
  return reliable && received.length < sent.length
    ? `of ${sent.length} messages only ${received.length} have arrived`
    : undefined
}

/** Length and FNV-1a hash. */
function keyOf(bytes: Uint8Array): string {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return `${bytes.length} ${hash}`
}
