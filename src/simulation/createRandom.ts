import { checkInteger, wrongType } from '../errors/argumentErrors.ts'

/** Values that a generator drops at first, so that seeds that are near each other have nothing in common. */
const warmUpCount = 16

/**
 * Makes a generator of random numbers, at least 0 and less than 1, in steps of 2⁻³²: sfc32, of 32-bit integers only, so that
 * every engine draws the same. It is not for secrets.
 *
 * @param seed an integer >= 0
 * @param stream which of the generators of this seed: those of different texts are independent of each other
 * @throws TypeError or RangeError for another seed, TypeError for a stream that is no text
 */
export function createRandom(seed: number, stream: string = ''): () => number {
  const where = 'createRandom'
  checkInteger(where, 'seed', seed, 0, Number.MAX_SAFE_INTEGER)
  if (typeof stream !== 'string') throw wrongType(where, 'stream', 'a text', stream)
  let [a, b, c, counter] = wordsOf(`${seed} ${stream}`)
  const next = (): number => {
    const drawn = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + drawn) | 0
    return drawn >>> 0
  }
  for (let count = 0; count < warmUpCount; count++) next()
  return () => next() / 4_294_967_296
}

type Words = [number, number, number, number]

/** Four words that follow from a text. Each character changes all of them. */
function wordsOf(text: string): Words {
  let [a, b, c, d]: Words = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x3c6ef372]
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    a = b ^ Math.imul(a ^ code, 0x239b961b)
    b = c ^ Math.imul(b ^ code, 0xab0e9789)
    c = d ^ Math.imul(c ^ code, 0x38b34ae5)
    d = a ^ Math.imul(d ^ code, 0xa1e38b93)
  }
  return [a | 0, b | 0, c | 0, d | 0]
}

/** A random whole number from `min` to `max`. */
export function drawInteger(random: () => number, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1))
}

/** One of a list that is not empty. */
export function drawOne<T>(random: () => number, list: readonly T[]): T {
  return list[drawInteger(random, 0, list.length - 1)]!
}
