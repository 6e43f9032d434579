import { Buffer } from 'node:buffer'
import * as assert from 'uvu/assert'
import {
  createReliableLink,
  feedReliable,
  isIdle,
  nextRunMs,
  runReliable,
  sendReliable,
} from '../../../src/protocol/reliable/ReliableLink.ts'
import { readReliable } from '../../../src/protocol/reliable/reliableDatagram.ts'
import { mulberry32 } from '../../lib/random.ts'
import { amountOf, figure, rowSeed } from '../../lib/row.ts'
import { spec } from '../../spec.ts'
import { BadNetwork, type NetworkFaults } from './BadNetwork.ts'
import { SecondPeer } from './SecondPeer.ts'

/** Cases. The first has the seed of the run, the next the number after it. */
const seeds = amountOf({ test: 100, ci: 2_000, soak: 100_000 })
const sizes = [0, 1, 12, 500, 1_187, 1_188, 1_189, 2_376, 6_000]

const textsOf = (messages: readonly Uint8Array[]): string[] =>
  messages.map((bytes) => Buffer.from(bytes).toString('latin1'))

/** This library's end and the other one, joined by a bad network. */
class Pair {
  nowMs = 0
  readonly random: () => number
  readonly ours: Uint8Array[] = []
  readonly losses: string[] = []
  readonly theirs: SecondPeer
  readonly link: ReturnType<typeof createReliableLink>
  readonly #network: BadNetwork<'ours' | 'theirs'>
  readonly #sink = {
    send: (datagram: Uint8Array): void => this.#network.carry('theirs', datagram, this.nowMs),
    message: (bytes: Uint8Array): void => void this.ours.push(bytes),
    lost: (cause: string): void => void this.losses.push(cause),
  }

  constructor(seed: number, faults: NetworkFaults, isOrdered: boolean) {
    this.random = mulberry32(seed)
    this.#network = new BadNetwork(this.random, faults)
    this.link = createReliableLink({
      createSession: () => Math.floor(this.random() * 2 ** 32),
      isOrdered,
      messageBytesMax: 1 << 20,
      sendQueueBytesMax: 1 << 24,
    })
    const send = (datagram: Buffer): void => this.#network.carry('ours', datagram, this.nowMs)
    this.theirs = new SecondPeer(send, this.random, isOrdered)
  }

  run(untilMs: number): void {
    for (; this.nowMs < untilMs; this.nowMs += 5) {
      while (this.#network.nextMs <= this.nowMs) {
        const { to, bytes } = this.#network.take()
        if (to === 'theirs') this.theirs.hear(Buffer.from(bytes), this.nowMs)
        else {
          const datagram = readReliable(bytes)
          if (datagram !== undefined)
            feedReliable(this.link, datagram, this.nowMs, this.#sink, true)
        }
      }
      while (nextRunMs(this.link) <= this.nowMs) runReliable(this.link, this.nowMs, this.#sink)
      this.theirs.tick(this.nowMs)
    }
  }

  get isIdle(): boolean {
    return this.#network.size === 0 && isIdle(this.link) && this.theirs.isIdle
  }
}

function runSeed(seed: number): void {
  const random = mulberry32(seed + 1)
  const pick = (...values: number[]): number => values[Math.floor(random() * values.length)]!
  const isOrdered = seed % 2 === 1
  const faults = {
    loss: pick(0, 0.1, 0.3),
    duplicate: pick(0, 0.2, 0.5),
    corrupt: pick(0, 0.05),
    delayMs: pick(0, 20, 100),
    jitterMs: pick(0, 50, 200),
  }
  const pair = new Pair(seed, faults, isOrdered)
  const sent: [Uint8Array[], Uint8Array[]] = [[], []]
  for (let round = 0; round < 6; round++) {
    for (let count = Math.floor(random() * 6); count > 0; count--) {
      const message = new Uint8Array(pick(...sizes)).map((_, at) => at * 3 + round * 40 + count)
      const side = random() < 0.5 ? 0 : 1
      sent[side].push(message)
      if (side === 1) pair.theirs.say(message)
      else assert.is(sendReliable(pair.link, message), 'taken')
    }
    // Sometimes so long that a new session begins.
    pair.run(pair.nowMs + (random() < 0.1 ? 12_000 : random() * 300))
  }
  for (let tries = 0; tries < 100 && !pair.isIdle; tries++) pair.run(pair.nowMs + 200)
  for (const [side, heard] of [pair.theirs.messages, pair.ours].entries()) {
    const texts = textsOf(heard)
    const wanted = textsOf(sent[side]!)
    if (!isOrdered) {
      texts.sort()
      wanted.sort()
    }
    assert.equal(texts, wanted)
  }
  assert.equal([pair.losses, pair.theirs.losses], [[], []])
  assert.ok(pair.isIdle)
}

const isAway = (ms: number): boolean => ms >= 1_000 && ms < 20_000

spec(
  'reliable UDP with a peer written from the document',
  (it) => {
    it(`${seeds} seeds: both understand each other`, () => {
      for (let seed = rowSeed; seed < rowSeed + seeds; seed++)
        try {
          runSeed(seed)
        } catch (error) {
          throw new Error(`SEED=${seed}: ${String(error)}`, { cause: error })
        }
      figure('R-14', `${seeds} seeds from ${rowSeed} with a second peer: every message once`)
    })

    it('sends the same bytes for the same messages', () => {
      const ours: string[] = []
      const theirs: string[] = []
      const link = createReliableLink({
        createSession: () => 2 ** 31,
        isOrdered: false,
        messageBytesMax: 1 << 20,
        sendQueueBytesMax: 1 << 24,
      })
      const second = new SecondPeer((bytes) => theirs.push(bytes.toString('hex')), () => 0.5, false) // prettier-ignore
      for (const size of sizes) {
        const message = new Uint8Array(size).map((_, at) => at * 5)
        sendReliable(link, message)
        second.say(message)
      }
      runReliable(link, 0, {
        send: (bytes) => ours.push(Buffer.from(bytes).toString('hex')),
        message: () => undefined,
        lost: () => undefined,
      })
      second.tick(0)
      assert.is(ours.length, 16)
      assert.equal(ours, theirs)
    })

    it('tells both that the other is lost', () => {
      const faults = { loss: 0, duplicate: 0, corrupt: 0, delayMs: 10, jitterMs: 0, isDown: isAway }
      const pair = new Pair(1, faults, false)
      const say = (): void => {
        sendReliable(pair.link, Uint8Array.of(1))
        pair.theirs.say(Uint8Array.of(2))
      }
      say()
      pair.run(1_000)
      say()
      pair.run(20_000)
      assert.equal([pair.losses, pair.theirs.losses], [['timedOut'], ['timedOut']])
      say()
      pair.run(21_000)
      assert.ok(pair.isIdle)
      assert.equal([pair.ours.length, pair.theirs.messages.length], [2, 2])
    })

    it('refuses the other when it breaks the protocol, and goes on', () => {
      const faults = { loss: 0, duplicate: 0, corrupt: 0, delayMs: 10, jitterMs: 0 }
      const pair = new Pair(1, faults, false)
      pair.theirs.say(new Uint8Array(1_048_576 + 1))
      pair.run(500)
      assert.ok(pair.losses.includes('tooLarge'))
      pair.run(12_000)
      assert.equal(pair.theirs.losses, ['timedOut'])
      pair.theirs.say(Uint8Array.of(1))
      pair.run(13_000)
      assert.is(pair.ours.length, 1)
      assert.ok(pair.isIdle)
    })
  },
  60_000 + seeds * 40,
)
