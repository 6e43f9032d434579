// Plain UDP through a bad network: what the network delivers is what handlers get, each datagram for itself.

import { type EntityId, type World } from 'bitecs'
import {
  createMemoryDatagrams,
  createServer,
  createSocket,
  getBufferBytes,
  NetworkSystem,
  NetworkType,
  sendUdp,
  sendUdpRaw,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { mulberry32 } from '../lib/random.ts'
import { onEach } from '../lib/recordEvents.ts'
import { amountOf, figure, rowSeed } from '../lib/row.ts'
import { portOf } from '../lib/sockets.ts'
import { type TestNet } from '../lib/TestNet.ts'
import { withMemory } from '../lib/withNet.ts'
import { spec } from '../spec.ts'

/** Cases. The first has the seed of the run, the next the number after it. */
const seeds = amountOf({ test: 100, ci: 2_000, soak: 100_000 })

const ip = '127.0.0.1'
const sizes = [4, 5, 12, 16, 100, 1_200, 1_500, 9_000, 60_000]

/** Bytes that say which message they are, and that no other has. */
function messageOf(number: number, size: number): Uint8Array {
  const bytes = Buffer.alloc(size, number * 31 + size)
  bytes.writeUInt32LE(number)
  return bytes
}

/** One case: senders, a server, and a network between them that is drawn by the seed. */
class Case {
  readonly #net: TestNet
  readonly #random: () => number
  readonly #world: World
  readonly #port: number
  readonly #senders: { readonly world: World; readonly socket: EntityId }[] = []
  readonly #sent: Uint8Array[] = []
  /** How often the network delivered a message, and how often it was heard. */
  readonly #delivered: number[] = []
  readonly #heard: number[] = []

  constructor(net: TestNet, seed: number) {
    this.#net = net
    this.#random = mulberry32(seed)
    const pick = this.#pick.bind(this)
    const faults = {
      loss: pick([0, 0.05, 0.3]),
      duplicate: pick([0, 0.05, 0.5]),
      delayMs: pick([0, 10, 250]),
      jitterMs: pick([0, 30, 100]),
    }
    const transport = createMemoryDatagrams({
      deliver: (_datagram, send) => this.#carry(faults, send),
    })
    this.#world = net.world({ datagramsPerSenderMax: 100_000 })
    this.#port = portOf(this.#world, createServer(this.#world, transport, 0))
    onEach(this.#world, (asyncLoad) => {
      assert.is(asyncLoad.type, NetworkType.data)
      if (asyncLoad.type === NetworkType.data) this.#hear(getBufferBytes(asyncLoad.buffer))
    })
    for (let count = pick([1, 2, 3]); count > 0; count--) {
      const world = net.world()
      this.#senders.push({ world, socket: createSocket(world, transport) })
    }
  }

  /** Sends and hears; returns how many messages the network delivered. */
  run(): number {
    for (let round = 0; round < 10; round++) {
      for (let count = this.#pick([0, 1, 3, 8]); count > 0; count--) this.#send()
      this.#net.clock.advance(this.#pick([0, 5, 50]))
      if (this.#random() < 0.7) NetworkSystem(this.#world)
    }
    this.#net.clock.advance(1_000)
    NetworkSystem(this.#world)
    assert.equal(this.#heard, this.#delivered)
    return this.#delivered.reduce((sum, count) => sum + count, 0)
  }

  #send(): void {
    const { world, socket } = this.#pick(this.#senders)
    const number = this.#sent.length
    const bytes = messageOf(number, this.#pick(sizes))
    this.#sent.push(bytes)
    this.#delivered.push(0)
    this.#heard.push(0)
    const send = this.#random() < 0.5 ? sendUdp : sendUdpRaw
    assert.ok(send(world, socket, ip, this.#port, bytes) >= bytes.length)
  }

  /** What the network does with the last message that was sent. */
  #carry(
    faults: { loss: number; duplicate: number; delayMs: number; jitterMs: number },
    send: () => void,
  ): void {
    const number = this.#sent.length - 1
    for (let copies = this.#random() < faults.duplicate ? 2 : 1; copies > 0; copies--) {
      if (this.#random() < faults.loss) continue
      this.#delivered[number]!++
      this.#net.clock.setTimer(send, faults.delayMs + this.#random() * faults.jitterMs)
    }
  }

  #hear(bytes: Uint8Array): void {
    const number = Buffer.from(bytes).readUInt32LE()
    assert.ok(Buffer.from(this.#sent[number]!).equals(bytes), 'a payload that nobody sent')
    this.#heard[number]!++
  }

  #pick<Value>(values: readonly Value[]): Value {
    return values[Math.floor(this.#random() * values.length)]!
  }
}

spec(
  `plain UDP in a bad network (SEED=${rowSeed})`,
  (it) => {
    it(`${seeds} seeds: handlers get what was delivered, never merged, cut or doubled`, async () => {
      let delivered = 0
      for (let seed = rowSeed; seed < rowSeed + seeds; seed++)
        try {
          await withMemory((net) => void (delivered += new Case(net, seed).run()))()
        } catch (error) {
          throw new Error(`SEED=${seed}: ${String(error)}`, { cause: error })
        }
      assert.ok(delivered > seeds)
      figure(
        'R-14',
        `plain UDP, ${seeds} seeds from ${rowSeed}: ${delivered} datagrams delivered and heard, none merged, cut or doubled`,
      )
    })
  },
  60_000 + seeds * 20,
)
