// What a game sees over a network in memory is what it sees over real sockets of this machine.

import { createWorld, type EntityId, type World } from 'bitecs'
import {
  closeNetwork,
  type ConnectOptions,
  connectSocket,
  createServer,
  createSocket,
  destroySocket,
  NetworkSystem,
  NetworkType,
  sendPacket,
  sendRaw,
  sendUdpRaw,
  type ServerOptions,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { createMemoryNetwork } from 'bitecs-networking/simulation'
import * as assert from 'uvu/assert'
import { onEach } from '../lib/recordEvents.ts'
import { clientsOf } from '../lib/sockets.ts'
import { turns } from '../lib/until.ts'
import { spec } from '../spec.ts'

const { tcp, ws, udp } = SocketType
const local = '127.0.0.1'
/** How often it is looked whether something has come that is expected. */
const looksMax = 2_000

/** A host and a guest, over either kind of network. */
class Pair {
  readonly host: World
  readonly guest: World
  /** What both have seen: the host, then the guest. */
  readonly logs: [string[], string[]] = [[], []]
  /** How much each had seen at each wait. */
  readonly marks: number[][] = []
  readonly #wanted: readonly number[][] | undefined

  constructor(join: (world: World) => void, wanted?: readonly number[][]) {
    this.#wanted = wanted
    const worlds = this.logs.map((log) => {
      const world = createWorld()
      join(world)
      setNetworkConfig(world, { clientDisconnectEvents: true, warn() {} })
      record(world, log)
      return world
    })
    this.host = worlds[0]!
    this.guest = worlds[1]!
  }

  serve(type: SocketType, options: ServerOptions = {}, port = 0): EntityId {
    return createServer(this.host, type, port, options)
  }

  portOf(server: EntityId): number {
    return Socket(this.host).port[server]!
  }

  /** Connects, while both tick. Returns the socket and the result, 0 for a connection. */
  async connect(
    type: SocketType,
    port: number,
    { host = local, ...options }: ConnectOptions & { readonly host?: string } = {},
  ): Promise<{ readonly socket: EntityId; readonly result: number }> {
    const socket = createSocket(this.guest, type)
    const result = await this.ticking(connectSocket(this.guest, socket, host, port, options))
    return { socket, result: Math.min(result, 0) }
  }

  /** Ticks until a promise is settled. */
  async ticking<Result>(promise: Promise<Result>): Promise<Result> {
    const state = { isSettled: false }
    void promise.then(() => (state.isSettled = true))
    for (let looks = 0; !state.isSettled && looks < looksMax; looks++) await this.tick()
    return promise
  }

  /** A connection, and the host's end of it. */
  async link(
    type: SocketType,
    options: ServerOptions = {},
    connecting: ConnectOptions = {},
  ): Promise<{
    readonly server: EntityId
    readonly client: EntityId
    readonly accepted: EntityId
  }> {
    const server = this.serve(type, options)
    const { socket: client, result } = await this.connect(type, this.portOf(server), connecting)
    assert.is(result, 0)
    for (let looks = 0; clientsOf(this.host, server).length === 0 && looks < looksMax; looks++)
      await this.tick()
    return { server, client, accepted: clientsOf(this.host, server)[0]! }
  }

  async tick(): Promise<void> {
    for (const world of [this.host, this.guest]) NetworkSystem(world)
    await turns(1)
  }

  /** Until everything has come that comes in memory, and for some turns more. */
  async settle(): Promise<void> {
    const wanted = this.#wanted?.[this.marks.length]
    const isDone = (): boolean => this.logs.every(({ length }, at) => length >= (wanted?.[at] ?? 0))
    for (let looks = 0; !isDone() && looks < looksMax; looks++) await this.tick()
    for (let count = 0; count < 5; count++) await this.tick()
    this.marks.push(this.logs.map(({ length }) => length))
  }

  close(): void {
    for (const world of [this.host, this.guest]) closeNetwork(world)
  }
}

/** Lines that are the same whatever ids and ports there are. */
function record(world: World, log: string[]): void {
  onEach(world, (load) => {
    if (load.type === NetworkType.data) log.push(`data ${load.size} ${load.message_type ?? ''}`)
    else if (load.type === NetworkType.disconnect)
      log.push(`disconnect ${Socket(world).disconnectReason[load.socket]}`)
    else log.push(load.type === NetworkType.connect ? 'connect' : `result ${load.succeeded}`)
  })
}

type Script = (pair: Pair) => Promise<unknown>

async function play(pair: Pair, script: Script): Promise<unknown> {
  try {
    const outcome = await script(pair)
    await pair.settle()
    return { outcome, logs: pair.logs }
  } finally {
    pair.close()
  }
}

const bytes = (size: number): Uint8Array => new Uint8Array(size).fill(7)

const scripts: Readonly<Record<string, Script>> = {}

for (const [name, type] of Object.entries({ tcp, ws })) {
  Object.assign(scripts, {
    [`${name}: nobody listens`]: async (pair) => {
      const server = pair.serve(type)
      const port = pair.portOf(server)
      destroySocket(pair.host, server)
      await pair.settle()
      return (await pair.connect(type, port)).result
    },
    [`${name}: a port that is taken`]: async (pair) => {
      const port = pair.portOf(pair.serve(type))
      return [pair.serve(type, {}, port), createServer(pair.guest, type, port)]
    },
    [`${name}: a server that is full`]: async (pair) => {
      const { server } = await pair.link(type, { maxClients: 1 })
      const { result } = await pair.connect(type, pair.portOf(server))
      return [result, Socket(pair.host).refused[server]]
    },
    [`${name}: messages of all sizes`]: async (pair) => {
      const { client, accepted } = await pair.link(type)
      for (const size of [0, 1, 65_535, 65_536, 1_000_000]) {
        sendPacket(pair.guest, client, bytes(size))
        sendPacket(pair.host, accepted, bytes(size))
        await pair.settle()
      }
      return Socket(pair.host).bytesIn[accepted]
    },
    [`${name}: a message above the limit`]: async (pair) => {
      const { client, accepted } = await pair.link(type, { messageBytesMax: 100 })
      sendPacket(pair.guest, client, bytes(100))
      sendPacket(pair.guest, client, bytes(101))
      sendPacket(pair.guest, client, bytes(10))
      await pair.settle()
      return [sendPacket(pair.guest, client, bytes(1)), sendPacket(pair.host, accepted, bytes(1))]
    },
    [`${name}: last words`]: async (pair) => {
      const { client, accepted } = await pair.link(type)
      sendPacket(pair.guest, client, bytes(5))
      sendPacket(pair.guest, client, bytes(6))
      destroySocket(pair.guest, client)
      await pair.settle()
      return sendPacket(pair.host, accepted, bytes(1))
    },
    [`${name}: a server that goes`]: async (pair) => {
      const { server, client, accepted } = await pair.link(type)
      sendPacket(pair.host, accepted, bytes(5))
      destroySocket(pair.host, server)
      await pair.settle()
      return sendPacket(pair.guest, client, bytes(1))
    },
    [`${name}: a reset`]: async (pair) => {
      const { client } = await pair.link(type)
      setNetworkConfig(pair.guest, client, { avoidTimeWait: true })
      destroySocket(pair.guest, client)
    },
    [`${name}: a client that is turned out by its first event`]: async (pair) => {
      onEach(pair.host, (load) => {
        if (load.type === NetworkType.connect) destroySocket(pair.host, load.socket)
      })
      const server = pair.serve(type)
      return (await pair.connect(type, pair.portOf(server))).result
    },
    [`${name}: a handler that closes the socket that it hears`]: async (pair) => {
      const { client, accepted } = await pair.link(type)
      onEach(pair.host, (load) => {
        if (load.type === NetworkType.data) destroySocket(pair.host, load.id)
      })
      for (let count = 0; count < 3; count++) sendPacket(pair.guest, client, bytes(1))
      sendPacket(pair.host, accepted, bytes(9))
    },
    [`${name}: raw`]: async (pair) => {
      const { client, accepted } = await pair.link(type, { raw: true }, { raw: true })
      sendRaw(pair.guest, client, bytes(3))
      await pair.settle()
      sendRaw(pair.host, accepted, 'text')
    },
    [`${name}: a name and the other loopback address`]: async (pair) => {
      const port = pair.portOf(pair.serve(type))
      const results: number[] = []
      for (const host of ['localhost', '127.0.0.2', '0.0.0.0'])
        results.push((await pair.connect(type, port, { host })).result)
      results.push((await pair.connect(type, port, { host: '::1' })).result)
      return results
    },
    [`${name}: an address that is not this machine's`]: async (pair) => {
      const server = pair.serve(type, { host: '192.0.2.1' })
      if (server < 0) return server
      const { connectError } = Socket(pair.host)
      for (let looks = 0; connectError[server] === 0 && looks < looksMax; looks++) await pair.tick()
      return connectError[server]
    },
    [`${name}: a chosen port that is taken`]: async (pair) => {
      const port = pair.portOf(pair.serve(type))
      const socket = createSocket(pair.guest, type, port)
      return pair.ticking(connectSocket(pair.guest, socket, local, port))
    },
  } satisfies Record<string, Script>)
}

Object.assign(scripts, {
  'ws: paths': async (pair) => {
    const port = pair.portOf(pair.serve(ws, { path: '/game' }))
    const results: number[] = []
    for (const path of ['', '/game', '/game?room=1', '/game/', '/other', '/%67ame'])
      results.push((await pair.connect(ws, port, { host: `ws://${local}${path}` })).result)
    return results
  },
  'ws: sub-protocols': async (pair) => {
    const results: number[] = []
    for (const wanted of ['', 'chat'])
      for (const protocol of ['', 'chat', 'other']) {
        const options = wanted === '' ? {} : { protocol: wanted }
        const port = pair.portOf(pair.serve(ws, options))
        results.push((await pair.connect(ws, port, { protocol })).result)
      }
    return results
  },
  'udp: sizes': async (pair) => {
    const server = pair.serve(udp)
    const socket = createSocket(pair.guest, udp)
    const port = pair.portOf(server)
    const results: number[] = []
    for (const size of [0, 1, 1_500, 65_507, 65_508]) {
      results.push(sendUdpRaw(pair.guest, socket, local, port, bytes(size)))
      await pair.settle()
    }
    return results
  },
  'udp: ports': async (pair) => {
    const port = pair.portOf(pair.serve(udp))
    const other = createSocket(pair.guest, udp, port)
    const free = createSocket(pair.guest, udp)
    const { localPort } = Socket(pair.guest)
    const to = localPort[free]!
    destroySocket(pair.guest, free)
    const socket = createSocket(pair.guest, udp)
    return [other, sendUdpRaw(pair.guest, socket, local, to, bytes(1))]
  },
  "udp: an address that is not this machine's": async (pair) =>
    pair.serve(udp, { host: '192.0.2.1' }),
  'udp: only from this machine': async (pair) => {
    const server = pair.serve(udp, { host: local })
    const socket = createSocket(pair.guest, udp)
    return sendUdpRaw(pair.guest, socket, 'localhost', pair.portOf(server), bytes(3))
  },
} satisfies Record<string, Script>)

spec(
  'a network in memory beside real sockets',
  (it) => {
    for (const [name, script] of Object.entries(scripts))
      it(name, async () => {
        const network = createMemoryNetwork()
        const inMemory = new Pair((world) => network.join(world))
        const expected = await play(inMemory, script)
        const real = await play(new Pair(() => {}, inMemory.marks), script)
        assert.equal(expected, real)
      })
  },
  60_000,
)
