import * as assert from 'uvu/assert'
import { mulberry32 } from '../../lib/random.ts'
import { spec } from '../../spec.ts'
import { type NetworkFaults } from './BadNetwork.ts'
import { Simulation } from './Simulation.ts'

/** `SEED=n` runs one case alone. */
const only = process.env['SEED'] === undefined ? undefined : Number(process.env['SEED'])
const seeds = 10_000
const sizes = [0, 1, 2, 100, 1_187, 1_188, 1_189, 2_376, 2_377, 5_000]

const choose = <Value>(random: () => number, values: readonly Value[]): Value =>
  values[Math.floor(random() * values.length)]!

/** A network of the grid, drawn by the seed. */
function faultsOf(random: () => number): NetworkFaults {
  return {
    loss: choose(random, [0, 0.01, 0.05, 0.1, 0.2, 0.3]),
    duplicate: choose(random, [0, 0.05, 0.25, 0.5]),
    corrupt: choose(random, [0, 0, 0.01, 0.1]),
    delayMs: choose(random, [0, 1, 10, 50, 250]),
    jitterMs: choose(random, [0, 1, 30, 100]),
  }
}

function messageOf(random: () => number, mark: number): Uint8Array {
  const bytes = new Uint8Array(choose(random, sizes))
  for (let at = 0; at < bytes.length; at++) bytes[at] = mark + at * 7 + (at >> 8)
  return bytes
}

const hexes = (messages: readonly Uint8Array[]): string[] =>
  messages.map((bytes) => Buffer.from(bytes).toString('latin1'))

function runSeed(seed: number): void {
  const random = mulberry32(seed * 2 + 1)
  const isOrdered = seed % 2 === 1
  const faults = faultsOf(random)
  const simulation = new Simulation({ seed, faults, isOrdered })
  const { a, b } = simulation
  const sent: [Uint8Array[], Uint8Array[]] = [[], []]
  const rounds = 2 + Math.floor(random() * 4)
  for (let round = 0; round < rounds; round++) {
    for (const [index, end] of [a, b].entries())
      for (let count = Math.floor(random() * 5); count > 0; count--) {
        const message = messageOf(random, round + count + index)
        sent[index]!.push(message)
        simulation.send(end, message)
      }
    simulation.run(simulation.nowMs + random() * 200)
  }
  simulation.run(simulation.nowMs + 60_000)
  for (const [index, end] of [b, a].entries()) {
    const told = hexes(end.messages)
    const wanted = hexes(sent[index]!)
    if (!isOrdered) {
      told.sort()
      wanted.sort()
    }
    if (told.length !== wanted.length || told.some((text, at) => text !== wanted[at]))
      throw new Error(`${told.length} of ${wanted.length} messages, or wrong ones`)
  }
  if (a.losses.length + b.losses.length > 0) throw new Error('an end was given up')
  if (!simulation.isIdle) throw new Error('something is left to do')
}

spec(
  'reliable UDP in a bad network',
  (it) => {
    it(`${seeds} seeds: every message once, as it was sent, in order where asked for`, () => {
      for (let seed = only ?? 0; seed < (only === undefined ? seeds : only + 1); seed++)
        try {
          runSeed(seed)
        } catch (error) {
          throw new Error(`SEED=${seed}: ${String(error)}`, { cause: error })
        }
    })

    it('99 of 100 messages arrive in 1.1 s at 10 % loss and 50 to 150 ms', () => {
      const faults = { loss: 0.1, duplicate: 0.05, corrupt: 0, delayMs: 50, jitterMs: 100 }
      const simulation = new Simulation({ seed: 1, faults })
      const sentMs: number[] = []
      for (let index = 0; index < 10_000; index++) {
        const bytes = new Uint8Array(4)
        new DataView(bytes.buffer).setUint32(0, index)
        sentMs.push(simulation.nowMs)
        simulation.send(simulation.a, bytes)
        simulation.run(simulation.nowMs + 10)
      }
      simulation.run(simulation.nowMs + 10_000)
      const { messages, toldMs } = simulation.b
      const delays = messages
        .map(
          (bytes, at) =>
            toldMs[at]! - sentMs[new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)]!,
        )
        .sort((one, other) => one - other)
      assert.is(delays.length, 10_000)
      const p99 = delays[9_900]!
      assert.ok(p99 <= 1_100, `p99 is ${p99} ms`)
      if (process.env['SHOW']) console.log('p50', delays[5000], 'p99', p99, 'max', delays.at(-1))
    })
  },
  120_000,
)
