// The reader under bytes that nobody would send: it never throws, keeps no more than it was given, and emits the same however
// they are cut.
//
// INPUTS is how many, SEED of which the first is drawn; each input follows from a seed of its own, the next number.

import * as assert from 'uvu/assert'
import { mulberry32 } from '../../lib/random.ts'
import { turns } from '../../lib/until.ts'
import { spec } from '../../spec.ts'
import { drawStream } from './drawStream.ts'
import { FrameTrace, type Role, roles } from './FrameTrace.ts'

const inputs = Number(process.env['INPUTS'] ?? 20_000)
const firstSeed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)

interface Input {
  readonly role: Role
  readonly limit: number
  readonly bytes: Uint8Array
  /** Where it is cut. */
  readonly cuts: readonly number[]
}

/** Frames of which several things are broken, or no frames at all. */
function drawInput(seed: number): Input {
  const random = mulberry32(seed ^ 0x5eed)
  const any = (count: number): number => Math.floor(random() * count)
  const { limit, bytes: whole } = drawStream(seed, true)
  const bytes = random() < 0.3 ? Array.from({ length: any(64) }, () => any(256)) : [...whole]
  for (let left = any(5); left > 0; left--) {
    const at = any(bytes.length + 1)
    const share = random()
    if (share < 0.6) bytes[at] = any(256)
    else if (share < 0.8) bytes.splice(at, any(8))
    else bytes.splice(at, 0, ...Array.from({ length: any(8) }, () => any(256)))
  }
  const cuts = Array.from({ length: any(6) }, () => any(bytes.length + 1)).sort((a, b) => a - b)
  return { role: roles[any(2)]!, limit, bytes: Uint8Array.from(bytes), cuts }
}

const counts = new Map<string, number>()

function check({ role, limit, bytes, cuts }: Input): void {
  const whole = createTrace(role, limit)
  whole.feed(bytes)
  const cut = createTrace(role, limit)
  let at = 0
  for (const end of [...cuts, bytes.length]) {
    cut.feed(bytes.subarray(at, end))
    at = end
    const { message, cut: header } = cut.reader
    assert.ok((message?.bytes.length ?? 0) <= Math.max(4_096, 2 * end), 'memory of a message')
    assert.ok((header?.bytes.length ?? 0) <= 256, 'memory of a header')
  }
  assert.equal(cut.events, whole.events, 'cut in another way')
  const last = whole.events.at(-1)?.split(' ', 2).join(' ') ?? 'nothing'
  const kind = /^(malformed|tooLarge|close)/.test(last)
    ? last.replace(/^close .*/, 'close')
    : 'open'
  counts.set(kind, (counts.get(kind) ?? 0) + 1)
}

function createTrace(role: Role, limit: number): FrameTrace {
  return new FrameTrace({ role, limit, hasRuns: true })
}

spec(
  'FrameReader :: any bytes',
  (it) => {
    it(`${inputs} inputs, SEED=${firstSeed}`, async () => {
      for (let index = 0; index < inputs; index++) {
        const input = drawInput(firstSeed + index)
        try {
          check(input)
        } catch (error) {
          console.log(
            `SEED=${firstSeed + index} INPUTS=1: ${Buffer.from(input.bytes).toString('hex')}`,
          )
          throw error
        }
        if (index % 1_000 === 0) await turns()
      }
      console.log(`SEED=${firstSeed}`, Object.fromEntries(counts))
      if (inputs < 5_000) return
      for (const kind of ['malformed 1002', 'malformed 1007', 'tooLarge 1009', 'close', 'open'])
        assert.ok((counts.get(kind) ?? 0) > 10, kind)
    })
  },
  Math.max(60_000, inputs),
)
