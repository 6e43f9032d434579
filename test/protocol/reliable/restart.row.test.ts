import * as assert from 'uvu/assert'
import { isIdle } from '../../../src/protocol/reliable/ReliableLink.ts'
import { mulberry32 } from '../../lib/random.ts'
import { amountOf, figure, rowSeed } from '../../lib/row.ts'
import { spec } from '../../spec.ts'
import { numbered, numberOf } from './LinkBench.ts'
import { type End, Simulation } from './Simulation.ts'

/** Cases. The first has the seed of the run, the next the number after it. */
const seeds = amountOf({ test: 60, ci: 2_000, soak: 200_000 })

interface Sent {
  readonly number: number
  readonly from: End
  readonly to: End
  readonly ms: number
  /** The lives that both ends were in. */
  readonly lives: readonly Life[]
}

/** One process behind an end. */
interface Life {
  /** Messages that the processes before had. */
  readonly had: number
}

/** Two ends, either of which may begin anew at the same address, and all that was sent. */
class Story {
  readonly simulation: Simulation
  readonly random: () => number
  readonly isOrdered: boolean
  readonly sent: Sent[] = []
  readonly #lives = new Map<End, Life>()

  constructor(seed: number) {
    this.random = mulberry32(seed * 2 + 1)
    this.isOrdered = seed % 2 === 1
    const pick = (...values: number[]): number => values[Math.floor(this.random() * values.length)]!
    const faults = {
      loss: pick(0, 0.05, 0.2),
      duplicate: pick(0, 0.2, 0.5),
      corrupt: pick(0, 0.02),
      delayMs: pick(0, 10, 50, 250),
      jitterMs: pick(0, 30, 100, 400),
    }
    this.simulation = new Simulation({ seed, faults, isOrdered: this.isOrdered })
    for (const end of this.ends) this.#lives.set(end, { had: 0 })
  }

  get ends(): readonly [End, End] {
    return [this.simulation.a, this.simulation.b]
  }

  say(from: End): void {
    const [a, b] = this.ends
    const number = this.sent.length
    const lives = [this.#lives.get(a)!, this.#lives.get(b)!]
    this.sent.push({ number, from, to: from === a ? b : a, ms: this.simulation.nowMs, lives })
    this.simulation.send(from, numbered(number, this.random() < 0.2 ? 3_000 : 4))
  }

  restart(end: End): void {
    this.check(end)
    this.simulation.restart(end)
    this.#lives.set(end, { had: end.messages.length })
  }

  /** Numbers of the messages that the present life of an end has. */
  heard(end: End): number[] {
    return end.messages.slice(this.#lives.get(end)!.had).map(numberOf)
  }

  /** What one life of an end has must be right. */
  check(end: End): void {
    const numbers = this.heard(end)
    if (new Set(numbers).size !== numbers.length) throw new Error('a message came twice')
    if (this.isOrdered) this.#checkOrder(numbers)
  }

  /** What was sent while both ends were as they are now has arrived, or one of them was told. */
  checkNothingSilent(): void {
    const now = [...this.#lives.values()]
    for (const { number, from, to, ms, lives } of this.sent) {
      if (lives.some((life) => !now.includes(life)) || this.heard(to).includes(number)) continue
      if (![...from.losses, ...to.losses].some((loss) => loss.ms >= ms))
        throw new Error(`message ${number} is gone, and nobody was told`)
    }
  }

  /** Messages of one process come in order. A datagram of an earlier one may come late, and opens its session. */
  #checkOrder(numbers: number[]): void {
    const last = new Map<Life, number>()
    for (const number of numbers) {
      const { from, lives } = this.sent[number]!
      const life = lives[this.ends.indexOf(from)]!
      const before = last.get(life) ?? -1
      if (number < before) throw new Error(`${number} after ${before}`)
      last.set(life, number)
    }
  }
}

function runSeed(seed: number): Story {
  const story = new Story(seed)
  const { simulation, random } = story
  for (let round = 0; round < 40; round++) {
    for (const end of story.ends) {
      while (random() < 0.5) story.say(end)
      if (random() < 0.05) story.restart(end)
    }
    simulation.run(simulation.nowMs + random() * (random() < 0.1 ? 3_000 : 150))
  }
  simulation.run(simulation.nowMs + 60_000)
  story.checkNothingSilent()
  // Everything has settled: now nothing may be lost at all.
  const first = story.sent.length
  for (const end of story.ends) for (let count = 0; count < 3; count++) story.say(end)
  simulation.run(simulation.nowMs + 30_000)
  for (const { number, to } of story.sent.slice(first))
    if (!story.heard(to).includes(number)) throw new Error(`${number} did not arrive in the end`)
  for (const end of story.ends) story.check(end)
  if (!simulation.isIdle) throw new Error('something is left to do')
  return story
}

spec(
  'reliable UDP when an end begins anew',
  (it) => {
    it(`${seeds} seeds: nothing comes twice, and nothing is lost in silence`, () => {
      let losses = 0
      for (let seed = rowSeed; seed < rowSeed + seeds; seed++)
        try {
          for (const end of runSeed(seed).ends) losses += end.losses.length
        } catch (error) {
          throw new Error(`SEED=${seed}: ${String(error)}`, { cause: error })
        }
      assert.ok(losses > seeds / 20, `only ${losses} losses`)
      figure(
        'R-14',
        `${seeds} seeds from ${rowSeed} with ends that begin anew: ${losses} losses, all told, nothing twice`,
      )
    })

    const faults = { loss: 0, duplicate: 0, corrupt: 0, delayMs: 10, jitterMs: 0 }

    it('tells the other end within 10 s, however much the new process says', () => {
      const simulation = new Simulation({ seed: 1, faults })
      const { a, b } = simulation
      simulation.send(a, numbered(0))
      simulation.send(b, numbered(0))
      simulation.run(1_000)
      simulation.restart(a)
      for (let number = 1; number <= 200; number++) {
        simulation.send(a, numbered(number))
        simulation.send(b, numbered(number))
        simulation.run(simulation.nowMs + 100)
      }
      assert.equal(a.losses, [])
      assert.is(b.losses.length, 1)
      assert.ok(Math.abs(b.losses[0]!.ms - 11_000) < 200, `told at ${b.losses[0]!.ms} ms`)
      // What the new process said arrived all the time, and what it is told arrives since then.
      assert.is(b.messages.length, 201)
      assert.is(numberOf(a.messages.at(-1)!), 200)
      assert.is(a.messages.length, 1 + 200 - 100)
    })

    it('goes on at once when the other end begins anew in a quiet time', () => {
      const simulation = new Simulation({ seed: 1, faults })
      const { a, b } = simulation
      simulation.send(b, numbered(0))
      simulation.run(20_000)
      simulation.restart(a)
      simulation.send(b, numbered(1))
      simulation.run(20_100)
      assert.equal(a.messages.map(numberOf), [0, 1])
      assert.equal(b.losses, [])
    })

    it('does not let two ends end each other again and again', () => {
      for (let seed = 0; seed < 20; seed++) {
        // Longer than both give each other, and longer than one.
        for (const awayMs of [10_100, 9_950, 15_000]) {
          const isDown = (ms: number): boolean => ms >= 5_000 && ms < 5_000 + awayMs
          const bad = { ...faults, loss: 0.05, jitterMs: 50, isDown }
          const simulation = new Simulation({ seed, faults: bad })
          const { a, b } = simulation
          for (let number = 0; simulation.nowMs < 90_000; number++) {
            for (const end of [a, b])
              if (simulation.random() < 0.7) simulation.send(end, numbered(number))
            simulation.run(simulation.nowMs + 100)
          }
          for (const end of [a, b]) {
            assert.ok(end.losses.length <= 2, JSON.stringify(end.losses))
            assert.ok(end.losses.every(({ ms }) => ms < 30_000))
          }
          simulation.run(simulation.nowMs + 10_000)
          assert.ok(isIdle(a.link) && isIdle(b.link))
        }
      }
    })
  },
  60_000 + seeds * 20,
)
