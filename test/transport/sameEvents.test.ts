import { createWorld, type EntityId, type World } from 'bitecs'
import {
  closeNetwork,
  connectSocket,
  createMemoryTransport,
  createServer,
  createSocket,
  destroySocket,
  NetworkSystem,
  sendPacket,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { type EventCopy, recordEvents } from '../lib/recordEvents.ts'
import { turns, until } from '../lib/until.ts'
import { spec } from '../spec.ts'

type Choice = Parameters<typeof createServer>[1]

/** A game of one host and three guests, whose steps wait for what they bring about. */
class Game {
  readonly worlds: World[] = []
  readonly events: EventCopy[][] = []
  readonly choice: Choice
  /** How many events each world had after each step, to wait for; recorded if there is none. */
  readonly #expected: readonly number[][] | undefined
  readonly counts: number[][] = []

  constructor(choice: Choice, expected?: readonly number[][]) {
    this.choice = choice
    this.#expected = expected
    for (let index = 0; index < 4; index++) {
      const world = createWorld()
      setNetworkConfig(world, { clientDisconnectEvents: true, nonBlocking: true })
      this.worlds.push(world)
      this.events.push(recordEvents(world))
    }
  }

  server(options = {}): EntityId {
    return createServer(this.worlds[0]!, this.choice, 0, options)
  }

  async connect(guest: number, server: EntityId, raw = false): Promise<EntityId> {
    const world = this.worlds[guest]!
    const socket = createSocket(world, this.choice)
    await connectSocket(world, socket, '127.0.0.1', Socket(this.worlds[0]!).port[server]!, { raw })
    return socket
  }

  /** Ticks until the step has had its effect. */
  async settle(): Promise<void> {
    const wanted = this.#expected?.[this.counts.length]
    if (wanted !== undefined)
      await until(() => this.events.every(({ length }, at) => length >= wanted[at]!), this.worlds)
    for (let round = 0; round < 3; round++) {
      for (const world of this.worlds) NetworkSystem(world)
      await turns(2)
    }
    this.counts.push(this.events.map(({ length }) => length))
  }

  close(): void {
    for (const world of this.worlds) closeNetwork(world)
  }
}

/** What is the same over any transport: everything but the ports. */
function withoutPorts(events: readonly EventCopy[]): unknown[] {
  return events.map((event) => ({ ...event, port: 0 }))
}

async function play(game: Game, script: (game: Game) => Promise<void>): Promise<unknown[][]> {
  try {
    await script(game)
    return game.events.map(withoutPorts)
  } finally {
    game.close()
  }
}

/** Plays a script over memory and over TCP and compares the events of all worlds. */
async function compare(script: (game: Game) => Promise<void>): Promise<unknown[][]> {
  const memory = new Game(createMemoryTransport())
  const expected = await play(memory, script)
  const tcp = new Game(SocketType.tcp, memory.counts)
  assert.equal(await play(tcp, script), expected)
  return expected
}

spec('memory and TCP give the same events', (it) => {
  it('for connects, sends of all sizes, and ends from either side', async () => {
    const events = await compare(async (game) => {
      const [host, one, two, three] = game.worlds as [World, World, World, World]
      const server = game.server()
      await game.settle()
      const a = await game.connect(1, server)
      await game.settle()
      const b = await game.connect(2, server)
      await game.settle()
      for (const size of [0, 1, 11, 12, 13, 1_460, 70_000, 200_000])
        sendPacket(one, a, Buffer.alloc(size, size % 251))
      await game.settle()
      const accepted = game.events[0]!.flatMap(({ socket }) =>
        socket === undefined ? [] : [socket],
      )
      assert.is(accepted.length, 2)
      assert.is(sendPacket(host, accepted, Buffer.from('to all')), 2)
      await game.settle()
      const c = await game.connect(3, server)
      await game.settle()
      sendPacket(three, c, Buffer.from('last words'))
      destroySocket(three, c)
      await game.settle()
      sendPacket(host, accepted[0]!, Buffer.from('and out'))
      destroySocket(host, accepted[0]!)
      await game.settle()
      sendPacket(two, b, Buffer.from('still here'))
      await game.settle()
      const again = await game.connect(1, server)
      await game.settle()
      sendPacket(one, again, Buffer.from('again'))
      await game.settle()
      destroySocket(host, server)
      await game.settle()
    })
    const types = events.map((list) => list.map((event) => (event as EventCopy).type).join(''))
    assert.equal(types, ['1133333333132313', '433242', '432', '4'])
  })

  it('for ids that are used again while others stay', async () => {
    await compare(async (game) => {
      const [host, ...guests] = game.worlds as [World, World, World, World]
      const server = game.server()
      for (let round = 0; round < 10; round++) {
        const sockets: EntityId[] = []
        for (let guest = 1; guest <= 3; guest++) {
          sockets.push(await game.connect(guest, server))
          await game.settle()
        }
        for (const [index, socket] of sockets.entries()) {
          sendPacket(guests[index]!, socket, Buffer.from(`round ${round} guest ${index}`))
          await game.settle()
        }
        const connected = game.events[0]!.filter(({ type }) => type === 1).slice(-3)
        for (const [index, socket] of sockets.entries()) {
          if ((round + index) % 2 === 0) destroySocket(guests[index]!, socket)
          else destroySocket(host, connected[index]!.socket!)
          await game.settle()
        }
      }
    })
  })

  it('for refused connections, full servers and what is no handshake', async () => {
    await compare(async (game) => {
      const server = game.server({ maxClients: 1 })
      await game.connect(1, server)
      await game.settle()
      await game.connect(2, server)
      await game.settle()
      const gone = game.server()
      const port = Socket(game.worlds[0]!).port[gone]!
      destroySocket(game.worlds[0]!, gone)
      const world = game.worlds[3]!
      const socket = createSocket(world, game.choice)
      await connectSocket(world, socket, '127.0.0.1', port)
      await game.settle()
    })
  })
})
