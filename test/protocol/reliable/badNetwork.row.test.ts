import { createHash, type Hash } from 'node:crypto'
import * as assert from 'uvu/assert'
import { mulberry32 } from '../../lib/random.ts'
import { amountOf, figure, rowSeed } from '../../lib/row.ts'
import { spec } from '../../spec.ts'
import { type NetworkFaults } from './BadNetwork.ts'
import { numbered, numberOf, upTo } from './LinkBench.ts'
import { type End, Simulation } from './Simulation.ts'

/** Cases. The first has the seed of the run, the next the number after it. */
const seeds = amountOf({ test: 200, ci: 10_000, soak: 1_000_000 })
/** Those that are played twice. */
const replays = amountOf({ test: 40, ci: 500, soak: 20_000 })
/** Those with a network that comes and goes, those with a peer that dies, and those whose delays are measured. */
const holes = amountOf({ test: 2, ci: 40, soak: 1_000 })
const deaths = amountOf({ test: 40, ci: 1_000, soak: 50_000 })
const delayRuns = amountOf({ test: 1, ci: 10, soak: 100 })

const sizes = [0, 1, 2, 100, 1_187, 1_188, 1_189, 2_376, 2_377, 5_000]

const choose = <Value>(random: () => number, values: readonly Value[]): Value =>
  values[Math.floor(random() * values.length)]!

/** A network of the grid, drawn by the seed. */
function faultsOf(random: () => number): NetworkFaults {
  return {
    loss: choose(random, [0, 0.01, 0.05, 0.1, 0.2, 0.3]),
    duplicate: choose(random, [0, 0.05, 0.25, 0.5]),
    corrupt: choose(random, [0, 0, 0.01, 0.1]),
    reorder: choose(random, [0, 0, 0.05, 0.3]),
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

/** Plays the case of a seed. What was sent and told, and when, goes into `trace`. Returns the number of messages. */
function runSeed(seed: number, trace?: Hash): number {
  const random = mulberry32(seed * 2 + 1)
  const isOrdered = seed % 2 === 1
  const simulation = new Simulation({ seed, faults: faultsOf(random), isOrdered })
  const { a, b } = simulation
  if (trace !== undefined) traceInto(trace, simulation)
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
    trace?.update(end.messages.map((bytes, at) => `${end.toldMs[at]} ${bytes.length}`).join())
  }
  if (a.losses.length + b.losses.length > 0) throw new Error('an end was given up')
  if (!simulation.isIdle) throw new Error('something is left to do')
  return sent[0].length + sent[1].length
}

/** Every datagram, who sent it and when. */
function traceInto(trace: Hash, simulation: Simulation): void {
  for (const [name, end] of Object.entries({ a: simulation.a, b: simulation.b }))
    end.onSend = (datagram) => trace.update(`${name} ${simulation.nowMs} `).update(datagram)
}

function traceOf(seed: number): string {
  const trace = createHash('sha256')
  runSeed(seed, trace)
  return trace.digest('hex')
}

/** Runs the case of each seed; a failure names the `SEED` that repeats it as the first case. */
function forEachSeed(count: number, run: (seed: number) => void): void {
  for (let seed = rowSeed; seed < rowSeed + count; seed++)
    try {
      run(seed)
    } catch (error) {
      throw new Error(`SEED=${seed}: ${String(error)}`, { cause: error })
    }
}

/** Milliseconds from sending to hearing, sorted, at 10 % loss and 100 ms of jitter. */
function delaysOf(seed: number, messages: number): number[] {
  const faults = { loss: 0.1, duplicate: 0.05, corrupt: 0, delayMs: 50, jitterMs: 100 }
  const simulation = new Simulation({ seed, faults })
  const sentMs: number[] = []
  for (let number = 0; number < messages; number++) {
    sentMs.push(simulation.nowMs)
    simulation.send(simulation.a, numbered(number))
    simulation.run(simulation.nowMs + 10)
  }
  simulation.run(simulation.nowMs + 10_000)
  const { messages: heard, toldMs } = simulation.b
  const delays = heard.map((bytes, at) => toldMs[at]! - sentMs[numberOf(bytes)]!)
  assert.is(delays.length, messages)
  return delays.sort((one, other) => one - other)
}

/** 80 s with a network that is away for 5 s of every 7. */
function runHoles(seed: number): void {
  const faults = { loss: 0.1, duplicate: 0.1, corrupt: 0.02, delayMs: 20, jitterMs: 60 }
  const isDown = (ms: number): boolean => (ms + seed) % 7_000 < 5_000
  const isOrdered = seed % 2 === 1
  const simulation = new Simulation({ seed, faults: { ...faults, isDown }, isOrdered })
  const ends = [simulation.a, simulation.b]
  for (let number = 0; number < 400; number++) {
    for (const end of ends) simulation.send(end, numbered(number, number % 10 === 0 ? 5_000 : 10))
    simulation.run(simulation.nowMs + 200)
  }
  simulation.run(simulation.nowMs + 60_000)
  for (const { messages, losses } of ends) {
    assert.equal(losses, [])
    const numbers = messages.map(numberOf)
    assert.equal(isOrdered ? numbers : numbers.sort((one, other) => one - other), upTo(400))
  }
}

/** A peer dies in the middle of a talk; milliseconds from its last datagram's arrival until that is told. */
function silenceOf(seed: number): number {
  const random = mulberry32(seed * 2 + 1)
  const faults = { ...faultsOf(random), corrupt: 0 }
  const simulation = new Simulation({ seed, faults, isOrdered: seed % 2 === 1 })
  const { a, b } = simulation
  const talk = (): void => {
    for (const end of [a, b]) if (!end.isDead) simulation.send(end, messageOf(random, 1))
    simulation.run(simulation.nowMs + 50)
  }
  const deadMs = random() * 5_000
  while (simulation.nowMs < deadMs) talk()
  b.isDead = true
  const lastMs = lastArrival(simulation, a)
  while (a.losses.length === 0 && simulation.nowMs < 40_000) talk()
  assert.equal(
    a.losses.map(({ cause }) => cause),
    ['timedOut'],
  )
  const toldMs = a.losses[0]!.ms
  simulation.run(simulation.nowMs + 60_000)
  return toldMs - lastMs()
}

/** When something last arrived at an end, or now. */
function lastArrival(simulation: Simulation, end: End): () => number {
  let ms = simulation.nowMs
  let { bytesIn } = end
  const carry = simulation.arriveAt.bind(simulation)
  simulation.arriveAt = (to, bytes) => {
    carry(to, bytes)
    if (end.bytesIn !== bytesIn) ms = simulation.nowMs
    bytesIn = end.bytesIn
  }
  return () => ms
}

spec(
  `reliable UDP in a bad network (SEED=${rowSeed})`,
  (it) => {
    it(`${seeds} seeds: every message once, as it was sent, in order where asked for`, () => {
      const started = performance.now()
      let messages = 0
      forEachSeed(seeds, (seed) => (messages += runSeed(seed)))
      const seconds = (performance.now() - started) / 1_000
      figure(
        'R-14',
        `${seeds} seeds from ${rowSeed}, ${messages} messages in ${seconds.toFixed(0)} s: each once, byte for byte`,
      )
    })

    it(`${replays} seeds: a replay sends the same bytes at the same times`, () => {
      const traces = new Set<string>()
      forEachSeed(replays, (seed) => {
        const trace = traceOf(seed)
        assert.is(traceOf(seed), trace)
        traces.add(trace)
      })
      assert.is(traces.size, replays)
      figure('R-14', `${replays} seeds played twice: the same datagrams at the same times`)
    })

    it(`${delayRuns} runs: 99 of 100 messages arrive in 1.1 s at 10 % loss and 100 ms of jitter`, () => {
      let worst = 0
      forEachSeed(delayRuns, (seed) => {
        const delays = delaysOf(seed, 10_000)
        worst = Math.max(worst, delays[9_900]!)
        assert.ok(delays[9_900]! <= 1_100, `p99 is ${delays[9_900]} ms`)
      })
      figure('R-14', `p99 of ${delayRuns} runs of 10,000 messages: at most ${worst.toFixed(0)} ms`)
    })

    it(`${holes} seeds: it survives a network that is away for 5 s of every 7`, () => {
      forEachSeed(holes, runHoles)
      figure('R-14', `${holes} games of 80 s in a network away for 5 s of every 7: nothing lost`)
    })

    it(`${deaths} seeds: a peer that dies is lost once, after 10 s of silence`, () => {
      let least = Infinity
      let most = 0
      forEachSeed(deaths, (seed) => {
        const ms = silenceOf(seed)
        least = Math.min(least, ms)
        most = Math.max(most, ms)
        assert.ok(ms >= 9_000 && ms <= 11_000, `told after ${ms} ms`)
      })
      const span = [least, most].map((ms) => (ms / 1_000).toFixed(1)).join(' to ')
      figure('R-14', `${deaths} peers that died: each lost once, after ${span} s of silence`)
    })
  },
  120_000 + seeds * 20,
)
