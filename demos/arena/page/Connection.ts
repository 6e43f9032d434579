// The page's socket: an entity that connects, and connects again whenever its connection has ended. What the server replicates
// is in the same world. Its line can be made bad.
import { addEntity, hasComponent } from 'bitecs'
import {
  BufferKind,
  connectSocket,
  createBuffer,
  createSocket,
  destroySocket,
  Disconnected,
  NetworkError,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  SocketType,
  tellBuffer,
} from 'bitecs-networking'
import { joinReplication, Replication, ReplicationSystem } from 'bitecs-networking/replication'
import { type PresetName, withConditions } from 'bitecs-networking/simulation'
import { type ArenaWorld, createArenaWorld } from '../shared/arenaWorld.ts'
import { type ClientMessage, writeClientMessage } from '../shared/clientMessages.ts'
import { ownShip, type ShipState } from '../shared/picture.ts'
import { readServerMessage, type ServerMessage } from '../shared/serverMessages.ts'
import { backoff } from './backoff.ts'

/** The server sends snapshots all the time. Who hears nothing for so long has lost it, whatever the browser believes. */
const silenceMs = 2500

/** What a connection tells of. */
export interface ConnectionEvents {
  connected(): void
  /** It has ended, or could not be made. It is tried again by itself. */
  lost(): void
  hear(message: ServerMessage): void
  /** The server's game has other components than this page's. */
  outdated(): void
}

export class Connection {
  readonly #url: string
  readonly #events: ConnectionEvents
  readonly world: ArenaWorld = createArenaWorld()
  readonly #transport = withConditions(SocketType.ws, 'perfect')
  readonly #buffer = createBuffer(64, BufferKind.grow)
  #socket = createSocket(this.world, this.#transport)
  #isConnected = false
  #isTrying = false
  #failures = 0
  #heard = 0
  #tick = 0
  #timer: number | undefined

  constructor(url: string, events: ConnectionEvents) {
    this.#url = url
    this.#events = events
    onNetworking(this.world, addEntity(this.world), (_world, _self, asyncLoad) => {
      if (asyncLoad.type !== NetworkType.data) return
      this.#heard = performance.now()
      const message = readServerMessage(asyncLoad.buffer)
      if (message !== undefined) events.hear(message)
    })
  }

  get isConnected(): boolean {
    return this.#isConnected
  }

  /** The player's own ship, as the server has it. */
  get ownShip(): ShipState | undefined {
    return ownShip(this.world, this.#socket)
  }

  /**
   * Hands over what has arrived, and notices when the connection has ended. Call it each frame.
   *
   * @returns whether there is a new state of the game
   */
  tick(): boolean {
    NetworkSystem(this.world)
    ReplicationSystem(this.world)
    const tick = Replication(this.world).tick[this.#socket] ?? 0
    const isNew = tick !== this.#tick
    this.#tick = tick
    if (isNew) this.#heard = performance.now()
    this.#watch()
    return isNew
  }

  /** Connects now, if it is not connected or about to be. */
  async connect(): Promise<void> {
    window.clearTimeout(this.#timer)
    if (this.#isConnected || this.#isTrying) return
    this.#isTrying = true
    const result = await connectSocket(this.world, this.#socket, this.#url, 0)
    this.#isTrying = false
    if (result < 0) this.#fail()
    else {
      this.#isConnected = true
      this.#heard = performance.now()
      this.#failures = 0
      void this.#joinReplication()
      this.#events.connected()
    }
  }

  /** What lies between this page and the server, from now on. */
  setLine(name: PresetName): void {
    this.#transport.setConditions(name)
  }

  send(message: ClientMessage): void {
    if (!this.#isConnected) return
    writeClientMessage(this.#buffer, message)
    sendPacket(this.world, this.#socket, this.#buffer, tellBuffer(this.#buffer))
  }

  async #joinReplication(): Promise<void> {
    const socket = this.#socket
    const result = await joinReplication(this.world, socket)
    if (result === NetworkError.schemaMismatch || result === NetworkError.versionMismatch)
      this.#events.outdated()
    // Without it there is no game: it is tried again, as after a silence.
    else if (result < 0 && socket === this.#socket) this.#heard = Number.NEGATIVE_INFINITY
  }

  #watch(): void {
    if (!this.#isConnected) return
    if (performance.now() - this.#heard > silenceMs) {
      destroySocket(this.world, this.#socket)
      this.#socket = createSocket(this.world, this.#transport)
    } else if (!hasComponent(this.world, this.#socket, Disconnected)) return
    this.#isConnected = false
    this.#fail()
  }

  #fail(): void {
    this.#timer = window.setTimeout(() => void this.connect(), backoff(this.#failures))
    this.#failures++
    this.#events.lost()
  }
}
