// Ids that are used again, by sockets and by entities of the game: whoever holds a stale one reaches nobody.

import {
  addEntity,
  createEntityIndex,
  createWorld,
  entityExists,
  type EntityId,
  query,
  removeEntity,
  withVersioning,
  type World,
} from 'bitecs'
import {
  type AsyncLoad,
  broadcast,
  connectSocket,
  createSocket,
  destroySocket,
  flushNetwork,
  getBufferBytes,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  sendRaw,
  sendUdp,
  sendUdpRaw,
  setNetworkConfig,
  setSocketTimeout,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { withMemory } from '../lib/withNet.ts'
import { mulberry32 } from '../lib/random.ts'
import { onEach } from '../lib/recordEvents.ts'
import { amountOf, figure, rowSeed } from '../lib/row.ts'
import { portOf } from '../lib/sockets.ts'
import { type TestNet } from '../lib/TestNet.ts'
import { spec } from '../spec.ts'

/** Ids that are used again, in each world. */
const recycles = amountOf({ test: 400, ci: 30_000, soak: 340_000 })
const liveMax = 8

/** A message: the number of its connection, and its place in the order. */
function message(number: number, order: number): Uint8Array {
  const bytes = Buffer.alloc(16 + ((number + order) % 50), number)
  bytes.writeUInt32LE(number, 0)
  bytes.writeUInt32LE(order, 4)
  return bytes
}

/** One direction of a connection. */
interface Flow {
  readonly number: number
  sent: number
  heard: number
}

/** One of the two worlds, and what its sockets should hear. */
class Side {
  readonly world: World
  /** By entity: the connection's incoming flow, and the one that it sends. */
  readonly live = new Map<EntityId, { readonly heard: Flow; readonly sends: Flow }>()
  /** Ids that were used, without their version. */
  readonly #used = new Set<number>()
  readonly #mask: number
  /** Calls with ids that are nobody's. */
  calls = 0
  recycled = 0
  messages = 0
  disconnects = 0

  constructor(world: World, bits: number) {
    this.world = world
    this.#mask = bits === 0 ? -1 : 2 ** (32 - bits) - 1
  }

  add(entity: EntityId, heard: Flow, sends: Flow): void {
    assert.ok(entity > 0)
    assert.not.ok(this.live.has(entity), 'the id of a socket that lives')
    const place = entity & this.#mask
    if (this.#used.has(place)) this.recycled++
    this.#used.add(place)
    this.live.set(entity, { heard, sends })
  }

  hear(asyncLoad: AsyncLoad): void {
    if (asyncLoad.type === NetworkType.disconnect) {
      assert.ok(this.live.delete(asyncLoad.socket), 'disconnect of a socket that is gone')
      this.disconnects++
    } else if (asyncLoad.type === NetworkType.data) {
      const flow = this.live.get(asyncLoad.id)?.heard
      assert.ok(flow, 'data of a socket that is gone')
      const bytes = Buffer.from(getBufferBytes(asyncLoad.buffer))
      assert.ok(bytes.equals(message(flow.number, flow.heard++)), 'a message of another')
      this.messages++
    }
  }

  sendAll(random: () => number): void {
    for (const [entity, { sends }] of this.live)
      for (let count = Math.floor(random() * 3); count > 0; count--)
        if (sendPacket(this.world, entity, message(sends.number, sends.sent)) > 0) sends.sent++
    flushNetwork(this.world)
  }

  /** Calls everything that takes a socket with an id that is none. */
  misuse(entity: EntityId, results: Promise<number>[]): void {
    const { world } = this
    const bytes = Uint8Array.of(1, 2, 3)
    const answers = [
      sendPacket(world, entity, bytes),
      sendRaw(world, entity, bytes),
      sendUdp(world, entity, 'memory', 1, bytes),
      sendUdpRaw(world, entity, 'memory', 1, bytes),
      broadcast(world, entity, 1, bytes),
      setNetworkConfig(world, entity, { messageBytesMax: 1 }),
      setSocketTimeout(world, entity, 1, 1),
    ]
    assert.ok(
      answers.every((answer) => answer < 0),
      answers.join(),
    )
    assert.is(sendPacket(world, [entity], bytes), 0)
    results.push(connectSocket(world, entity, 'memory', 1))
    assert.throws(() => onNetworking(world, addSubscriber(world), () => {}, { from: entity }), /from/) // prettier-ignore
    destroySocket(world, entity)
    this.calls += answers.length + 4
  }
}

const subscribers = new WeakMap<World, EntityId>()

/** One entity of the game for all refused subscriptions of a world. */
function addSubscriber(world: World): EntityId {
  const known = subscribers.get(world) ?? addEntity(world)
  subscribers.set(world, known)
  return known
}

/** A server's world and a clients' world, in which sockets come and go. */
class Churn {
  readonly host: Side
  readonly guest: Side
  readonly #net: TestNet
  readonly #server: EntityId
  readonly #bits: number
  readonly #random: () => number
  readonly #refused: Promise<number>[] = []
  /** By the port of the client's end. */
  readonly #flows = new Map<number, readonly [up: Flow, down: Flow]>()
  /** Entities of the game that have the ids of sockets. */
  readonly #heirs: [Side, EntityId][] = []
  #numbers = 0

  constructor(net: TestNet, bits: number) {
    const versioned = (): World =>
      net.world(
        { clientDisconnectEvents: true, warn: () => undefined },
        createWorld(createEntityIndex(bits === 0 ? undefined : withVersioning(bits))),
      )
    this.#net = net
    this.#bits = bits
    this.#random = mulberry32(rowSeed + bits)
    this.host = new Side(versioned(), bits)
    this.guest = new Side(versioned(), bits)
    const { host, guest } = this
    for (const { world } of [host, guest]) addSubscriber(world)
    this.#server = net.serverIn(host.world)
    onEach(host.world, (asyncLoad) => {
      if (asyncLoad.type !== NetworkType.connect) return host.hear(asyncLoad)
      const [up, down] = this.#flows.get(asyncLoad.port)!
      this.#flows.delete(asyncLoad.port)
      host.add(asyncLoad.socket, up, down)
    })
    onEach(guest.world, (asyncLoad) => {
      guest.hear(asyncLoad)
      if (asyncLoad.type === NetworkType.disconnect) this.#leave(guest, asyncLoad.socket, true)
    })
  }

  async round(): Promise<void> {
    while (this.guest.live.size < liveMax) this.#connect()
    for (const side of this.#inAnyOrder()) side.sendAll(this.#random)
    // What was sent waits on both sides for sockets that end now, and whose ids are given out again at once.
    for (const side of this.#inAnyOrder())
      for (const [entity] of Array.from(side.live))
        if (this.#random() < 0.25) this.#leave(side, entity, false)
    while (this.#heirs.length > 6) this.#removeHeir()
    for (const side of this.#inAnyOrder()) if (this.#random() < 0.8) NetworkSystem(side.world)
    for (const result of await Promise.all(this.#refused.splice(0))) assert.ok(result < 0)
  }

  finish(): void {
    for (const { world } of [this.guest, this.host, this.guest, this.host]) NetworkSystem(world)
    assert.is(this.host.live.size, this.guest.live.size)
    assert.is(query(this.host.world, [Socket]).length, this.host.live.size + 1)
    assert.is(query(this.guest.world, [Socket]).length, this.guest.live.size)
    // Entities of the game that bitECS loses are beyond the library.
    if (this.#bits > 0) return
    for (const [side, heir] of this.#heirs) assert.ok(entityExists(side.world, heir))
  }

  #connect(): void {
    const { host, guest } = this
    const client = createSocket(guest.world, this.#net.transport)
    const number = ++this.#numbers
    const up = { number: 2 * number, sent: 0, heard: 0 }
    const down = { number: 2 * number + 1, sent: 0, heard: 0 }
    guest.add(client, down, up)
    void connectSocket(guest.world, client, 'memory', portOf(host.world, this.#server))
    NetworkSystem(guest.world)
    this.#flows.set(Socket(guest.world).localPort[client]!, [up, down])
  }

  /** A socket ends here, by one of the two ways, or has ended there. */
  #leave(side: Side, entity: EntityId, isOver: boolean): void {
    const { world } = side
    side.live.delete(entity)
    // With version bits bitECS 0.4 loses entities, and removeEntity does nothing for those.
    if (isOver || this.#random() < 0.5 || !entityExists(world, entity)) destroySocket(world, entity)
    else removeEntity(world, entity)
    side.misuse(entity, this.#refused)
    if (this.#random() < 0.3) return
    const heir = addEntity(world)
    assert.not.ok(side.live.has(heir), 'the id of a socket whose end nobody has heard')
    this.#heirs.push([side, heir])
    side.misuse(entity, this.#refused)
    side.misuse(heir, this.#refused)
  }

  #removeHeir(): void {
    const [[side, heir]] = this.#heirs.splice(Math.floor(this.#random() * this.#heirs.length), 1) as [[Side, EntityId]] // prettier-ignore
    removeEntity(side.world, heir)
  }

  #inAnyOrder(): Side[] {
    return this.#random() < 0.5 ? [this.host, this.guest] : [this.guest, this.host]
  }
}

spec(
  `stale ids (SEED=${rowSeed})`,
  (it) => {
    for (const bits of [0, 8, 12])
      it(
        `${recycles} of them, with ${bits} version bits: no call, byte or event reaches another`,
        withMemory(async (net) => {
          const churn = new Churn(net, bits)
          const { host, guest } = churn
          for (let rounds = 0; host.recycled + guest.recycled < recycles; rounds++) {
            assert.ok(rounds < recycles * 2, 'ids are used again')
            await churn.round()
          }
          churn.finish()
          assert.ok(host.messages + guest.messages > recycles / 2)
          assert.ok(host.disconnects + guest.disconnects > recycles / 10)
          const calls = host.calls + guest.calls
          figure(
            'R-17',
            `${bits} version bits: ${recycles} ids used again, ${calls} calls with stale ones, 0 misdirected, 0 thrown`,
          )
        }),
      )
  },
  120_000 + recycles * 3,
)
