import { createWorld, type EntityId, removeEntity, type World } from 'bitecs'
import {
  type AsyncLoad,
  closeNetwork,
  connectSocket,
  createServer,
  createSocket,
  destroySocket,
  getBufferBytes,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { addEntity } from 'bitecs'
import * as assert from 'uvu/assert'
import { amountOf, figure } from '../lib/row.ts'
import { turns, until } from '../lib/until.ts'
import { spec } from '../spec.ts'

/** Recycled ids wanted, and sockets that live at one time. */
const recycledMin = amountOf({ test: 1_000, ci: 5_000, soak: 50_000 })
const liveMax = 40

/** Counts how often an entity id is given out that another socket has had. */
class Ids {
  readonly #used = new Set<EntityId>()
  recycled = 0

  give(entity: EntityId): void {
    if (this.#used.has(entity)) this.recycled++
    this.#used.add(entity)
  }
}

/** A connection from the client's side, with a number that no other connection has. */
interface Live {
  readonly number: number
  readonly client: EntityId
  /** Next message expected from the server. */
  next: number
  sent: number
}

/** A message: the number of its connection, its place in the order, and a filling that shows foreign bytes. */
function message(number: number, order: number): Uint8Array {
  const bytes = Buffer.alloc(8 + ((number * 7 + order * 131) % 3_000), number)
  bytes.writeUInt32LE(number, 0)
  bytes.writeUInt32LE(order, 4)
  return bytes
}

function bytesOf(load: AsyncLoad): Buffer {
  return Buffer.from(load.type === NetworkType.data ? getBufferBytes(load.buffer) : [])
}

/** Two worlds over real TCP in which sockets come and go. */
class Churn {
  readonly host: World = createWorld()
  readonly guest: World = createWorld()
  readonly hostIds: Ids = new Ids()
  readonly guestIds: Ids = new Ids()
  readonly #server: EntityId
  /** By entity: the connection, and the next message expected. */
  readonly #accepted = new Map<EntityId, { number: number; next: number }>()
  readonly #live = new Map<EntityId, Live>()
  #numbers = 0
  connects = 0
  disconnects = 0
  messages = 0

  constructor() {
    setNetworkConfig(this.guest, { clientDisconnectEvents: true, eventsPerSocketMax: 7 })
    setNetworkConfig(this.host, { eventsPerSocketMax: 5 })
    this.#server = createServer(this.host, SocketType.tcp, 0)
    onNetworking(this.host, addEntity(this.host), (_world, _self, load) => this.#onHost(load))
    onNetworking(this.guest, addEntity(this.guest), (_world, _self, load) => this.#onGuest(load))
  }

  get worlds(): World[] {
    return [this.host, this.guest]
  }

  get liveCount(): number {
    return this.#live.size
  }

  get acceptedCount(): number {
    return this.#accepted.size
  }

  close(): void {
    for (const world of this.worlds) closeNetwork(world)
  }

  async connect(): Promise<void> {
    const number = ++this.#numbers
    const client = createSocket(this.guest, SocketType.tcp)
    this.guestIds.give(client)
    assert.not.ok(this.#live.has(client), 'the id of a socket that lives')
    this.#live.set(client, { number, client, next: 0, sent: 0 })
    // The server is told the number by the handshake.
    setNetworkConfig(this.guest, { gameId: number })
    const port = Socket(this.host).port[this.#server]!
    assert.is(await connectSocket(this.guest, client, '127.0.0.1', port), client)
  }

  /** Every client says something, and some more than a tick takes. */
  sendAll(): void {
    for (const live of this.#live.values())
      for (let count = live.number % 9; count >= 0; count--)
        if (sendPacket(this.guest, live.client, message(live.number, live.sent)) >= 0) live.sent++
  }

  /** Ends some connections, data of both directions being under way: by turns from either side. */
  destroySome(count: number): void {
    const clients = [...this.#live.keys()]
    const accepted = [...this.#accepted.keys()]
    for (let index = 0; index < count; index++) {
      const fromGuest = index % 2 === 0
      const list = fromGuest ? clients : accepted
      const entity = list[(index * 7919) % list.length]!
      const world = fromGuest ? this.guest : this.host
      if (index % 4 < 2) destroySocket(world, entity)
      else removeEntity(world, entity)
      if (fromGuest) this.#live.delete(entity)
      else this.#accepted.delete(entity)
    }
  }

  #onHost(load: AsyncLoad): void {
    if (load.type === NetworkType.connect) {
      const { socket } = load
      assert.not.ok(this.#accepted.has(socket), 'connect of a socket that lives')
      this.hostIds.give(socket)
      this.connects++
      this.#accepted.set(socket, { number: Socket(this.host).gameId[socket]!, next: 0 })
    } else if (load.type === NetworkType.disconnect) {
      assert.ok(this.#accepted.delete(load.socket), 'disconnect of a socket that is gone')
      this.disconnects++
    } else {
      const found = this.#accepted.get(load.id)
      assert.ok(found, 'data of a socket that is gone')
      this.#compare(load, found)
      // Answers are under way when the socket is destroyed.
      sendPacket(this.host, load.id, bytesOf(load))
    }
  }

  #onGuest(load: AsyncLoad): void {
    const live = this.#live.get(load.id)
    assert.ok(live, 'an event of a socket that is gone')
    if (load.type === NetworkType.data) return this.#compare(load, live)
    assert.is(load.type, NetworkType.disconnect)
    this.#live.delete(load.id)
    destroySocket(this.guest, load.id)
  }

  #compare(load: AsyncLoad, expected: { number: number; next: number }): void {
    const bytes = bytesOf(load)
    assert.is(bytes.readUInt32LE(0), expected.number, 'a message of another connection')
    assert.is(bytes.readUInt32LE(4), expected.next, 'out of order')
    assert.ok(bytes.equals(message(expected.number, expected.next)), 'foreign bytes')
    expected.next++
    this.messages++
  }
}

spec(
  'recycled ids over TCP',
  (it) => {
    it(`${recycledMin} of them with data in flight: no byte and no event reaches the wrong socket`, async () => {
      const churn = new Churn()
      try {
        for (let round = 0; churn.hostIds.recycled < recycledMin; round++) {
          assert.ok(round < recycledMin, 'ids are used again')
          const wanted = liveMax - churn.liveCount
          await Promise.all(Array.from({ length: wanted }, () => churn.connect()))
          churn.sendAll()
          if (round % 3 !== 0) await turns(round % 3)
          NetworkSystem(churn.host)
          churn.sendAll()
          if (round % 2 === 0) NetworkSystem(churn.guest)
          // Old data is queued on both sides when the ids are given out again.
          if (churn.acceptedCount > 0) churn.destroySome(20)
        }
        assert.ok(churn.guestIds.recycled >= recycledMin)
        await until(() => churn.acceptedCount === churn.liveCount, churn.worlds)
        assert.ok(churn.messages > recycledMin)
        assert.ok(churn.disconnects > recycledMin / 4)
        assert.ok(churn.connects >= recycledMin)
        figure(
          'R-17',
          `over TCP ${churn.hostIds.recycled} ids used again, ${churn.messages} messages, 0 misdirected`,
        )
      } finally {
        churn.close()
      }
    })
  },
  60_000 + recycledMin * 20,
)
