import { addEntity, createWorld, type EntityId, query, type World } from 'bitecs'
import {
  type AsyncLoad,
  closeNetwork,
  connectSocket,
  createServer,
  createSocket,
  destroySocket,
  DisconnectReason,
  getBufferBytes,
  NetworkType,
  onNetworking,
  sendPacket,
  sendUdp,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { type MemoryNetwork } from 'bitecs-networking/simulation'
import { type Lane, type LaneKind, type Ledger } from './Ledger.ts'
import { type Trace } from './Trace.ts'

const { tcp, ws, wss, udp } = SocketType
const streams = [
  { type: tcp, port: 6510 },
  { type: ws, port: 6511 },
  { type: wss, port: 6512 },
] as const
const datagrams = [
  { kind: 'plain', port: 6513 },
  { kind: 'ordered', port: 6514 },
  { kind: 'reliable', port: 6515 },
] as const

const hostIp = '10.0.0.1'
const hostName = 'arena.example'

/** What the members of one game share. */
export interface Game {
  readonly network: MemoryNetwork
  readonly ledger: Ledger
  /** Absent where runs are not compared. */
  readonly trace?: Trace | undefined
}

/** What it can send by: a connection, or a UDP socket and an address. */
interface Way {
  readonly lane: Lane
  readonly socket: EntityId
  readonly send: (bytes: Uint8Array) => number
}

/** One life of a machine: its world, and a socket of each kind. */
export class Member {
  readonly world: World = createWorld()
  readonly ip: string
  readonly warnings: string[] = []
  readonly #game: Game
  readonly #kinds = new Map<EntityId, LaneKind>()
  readonly #ways = new Map<string, Way>()
  /** Its client sockets, by their place in `streams`, and whether each has no connection. */
  readonly #clients: { socket: EntityId; isLoose: boolean }[] = []

  constructor(game: Game, ip: string) {
    this.#game = game
    this.ip = ip
    const { world } = this
    game.network.join(world, { ip, names: ip === hostIp ? [hostName] : [] })
    setNetworkConfig(world, {
      clientDisconnectEvents: true,
      warn: (message) => void this.warnings.push(message),
    })
    onNetworking(world, addEntity(world), (_world, _self, load) => this.#onEvent(load))
    if (ip === hostIp) this.#openServers()
    else this.#openSockets()
  }

  get sockets(): readonly EntityId[] {
    return [...query(this.world, [Socket])].sort((one, other) => one - other)
  }

  /** The power goes: nobody is told. */
  crash(): void {
    const { network, ledger } = this.#game
    network.crash(this.world)
    ledger.crash(`${this.ip}:`)
    this.close()
  }

  close(): void {
    closeNetwork(this.world)
  }

  /** Sends a message some way. */
  say(random: () => number, size: number): void {
    const ways = [...this.#ways.values()]
    if (ways.length === 0) return
    const { lane, send } = ways[Math.floor(random() * ways.length)]!
    const { ledger, trace } = this.#game
    const bytes = ledger.write(lane, size)
    const result = send(bytes)
    if (result > 0) lane.sent++
    trace?.note(lane.id, bytes.length, result)
  }

  /** Ends one of its connections. What it has sent still comes. */
  hangUp(random: () => number): void {
    const open = [...this.#ways.values()].filter(({ lane }) => lane.kind === 'stream')
    if (open.length === 0) return
    const { socket } = open[Math.floor(random() * open.length)]!
    const index = this.#clients.findIndex((client) => client.socket === socket)
    this.#leave(socket)
    destroySocket(this.world, socket)
    if (index >= 0) this.#openClient(index)
  }

  /** Connects what has no connection. */
  reconnect(): void {
    for (const [index, client] of this.#clients.entries()) if (client.isLoose) this.#connect(index)
  }

  #openServers(): void {
    const { world } = this
    for (const { type, port } of streams) expectSocket(createServer(world, type, port))
    for (const { kind, port } of datagrams) this.#setUp(createServer(world, udp, port), kind)
  }

  #openSockets(): void {
    for (const index of streams.keys()) this.#openClient(index)
    for (const { kind, port } of datagrams) {
      const socket = createSocket(this.world, udp)
      this.#setUp(socket, kind)
      this.#address(socket, hostIp, port)
    }
  }

  #openClient(index: number): void {
    const socket = createSocket(this.world, streams[index]!.type)
    expectSocket(socket)
    this.#clients[index] = { socket, isLoose: true }
    this.#connect(index)
  }

  #connect(index: number): void {
    const client = this.#clients[index]!
    client.isLoose = false
    // By name and by address.
    const host = index === 0 ? hostName : hostIp
    const { trace } = this.#game
    void connectSocket(this.world, client.socket, host, streams[index]!.port, { async: true }).then(
      (result) => trace?.note(this.ip, result),
    )
  }

  #setUp(socket: EntityId, kind: LaneKind): void {
    expectSocket(socket)
    this.#kinds.set(socket, kind)
    if (kind === 'plain') return
    setNetworkConfig(this.world, socket, { reliable: kind === 'ordered' ? 'ordered' : true })
  }

  /** From now on it sends by a UDP socket to an address. */
  #address(socket: EntityId, ip: string, port: number): void {
    const { world } = this
    const to = `${ip}:${port}`
    const key = `${socket} ${to}`
    if (this.#ways.has(key)) return
    const own = `${this.ip}:${Socket(world).localPort[socket]}`
    const lane = this.#game.ledger.open(this.#kinds.get(socket)!, own, to)
    const send = (bytes: Uint8Array): number => sendUdp(world, socket, ip, port, bytes)
    this.#ways.set(key, { lane, socket, send })
  }

  /** From now on it sends by a connection. */
  #enter(socket: EntityId): void {
    const { world } = this
    const { own, peer } = this.#endsOf(socket)
    const lane = this.#game.ledger.open('stream', own, peer)
    const send = (bytes: Uint8Array): number => sendPacket(world, socket, bytes)
    this.#ways.set(`${socket}`, { lane, socket, send })
  }

  /** A connection is over: what it has sent needs no longer come. */
  #leave(socket: EntityId): void {
    const way = this.#ways.get(`${socket}`)
    this.#ways.delete(`${socket}`)
    if (way !== undefined) way.lane.isBroken = true
    const { own, peer } = this.#endsOf(socket)
    const incoming = this.#game.ledger.last(peer, own)
    if (incoming !== undefined) incoming.isBroken = true
  }

  #endsOf(socket: EntityId): { readonly own: string; readonly peer: string } {
    const { ip, port, localPort } = Socket(this.world)
    return { own: `${this.ip}:${localPort[socket]}`, peer: `${ip[socket]}:${port[socket]}` }
  }

  #onEvent(load: AsyncLoad): void {
    const { trace } = this.#game
    trace?.note(this.ip, load.type, load.id, load.ip, load.port)
    if (load.type === NetworkType.data) this.#onData(load.id, load.ip, load.port, load)
    else {
      const { socket } = load
      trace?.note(socket, load.succeeded)
      if (load.type === NetworkType.disconnect) this.#onEnd(socket, load.ip, load.port)
      else if (load.succeeded === 1) this.#enter(socket)
      else this.#loosen(socket)
    }
  }

  #onData(
    socket: EntityId,
    ip: string,
    port: number,
    { buffer }: Extract<AsyncLoad, { readonly type: typeof NetworkType.data }>,
  ): void {
    const { trace, ledger } = this.#game
    const bytes = getBufferBytes(buffer)
    trace?.note(bytes)
    const lane = ledger.read(bytes)
    if (lane !== undefined && this.#kinds.has(socket)) this.#address(socket, ip, port)
  }

  #onEnd(socket: EntityId, ip: string, port: number): void {
    const { world } = this
    const { ledger, trace } = this.#game
    const reason = Socket(world).disconnectReason[socket]
    trace?.note(reason)
    if (this.#kinds.has(socket)) {
      const { own } = this.#endsOf(socket)
      ledger.breakBetween(own, `${ip}:${port}`)
      this.#ways.delete(`${socket} ${ip}:${port}`)
      if (ip === hostIp) this.#address(socket, ip, port)
      return
    }
    const { own, peer } = this.#endsOf(socket)
    const incoming = ledger.last(peer, own)
    if (reason === DisconnectReason.closed && incoming !== undefined) ledger.checkLane(incoming)
    this.#leave(socket)
    this.#loosen(socket)
  }

  #loosen(socket: EntityId): void {
    const client = this.#clients.find((each) => each.socket === socket)
    if (client !== undefined) client.isLoose = true
  }
}

function expectSocket(result: number): void {
  if (result < 0) throw new Error(`no socket: ${result}`)
}
