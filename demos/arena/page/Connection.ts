// The page's socket: an entity that connects, and connects again whenever its connection has ended. Its line can be made bad.
import { addEntity, createWorld, hasComponent } from 'bitecs'
import {
  BufferKind,
  connectSocket,
  createBuffer,
  createSocket,
  destroySocket,
  Disconnected,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  SocketType,
  tellBuffer,
} from 'bitecs-networking'
import { type PresetName, withConditions } from 'bitecs-networking/simulation'
import { type ClientMessage, writeClientMessage } from '../shared/clientMessages.ts'
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
}

export class Connection {
  readonly #url: string
  readonly #events: ConnectionEvents
  readonly #world = createWorld()
  readonly #transport = withConditions(SocketType.ws, 'perfect')
  readonly #buffer = createBuffer(64, BufferKind.grow)
  #socket = createSocket(this.#world, this.#transport)
  #isConnected = false
  #isTrying = false
  #failures = 0
  #heard = 0
  #timer: number | undefined

  constructor(url: string, events: ConnectionEvents) {
    this.#url = url
    this.#events = events
    onNetworking(this.#world, addEntity(this.#world), (_world, _self, asyncLoad) => {
      if (asyncLoad.type !== NetworkType.data) return
      this.#heard = performance.now()
      const message = readServerMessage(asyncLoad.buffer)
      if (message !== undefined) events.hear(message)
    })
  }

  /** Hands over what has arrived, and notices when the connection has ended. Call it each frame. */
  tick(): void {
    NetworkSystem(this.#world)
    if (!this.#isConnected) return
    if (performance.now() - this.#heard > silenceMs) {
      destroySocket(this.#world, this.#socket)
      this.#socket = createSocket(this.#world, this.#transport)
    } else if (!hasComponent(this.#world, this.#socket, Disconnected)) return
    this.#isConnected = false
    this.#fail()
  }

  /** Connects now, if it is not connected or about to be. */
  async connect(): Promise<void> {
    window.clearTimeout(this.#timer)
    if (this.#isConnected || this.#isTrying) return
    this.#isTrying = true
    const result = await connectSocket(this.#world, this.#socket, this.#url, 0)
    this.#isTrying = false
    if (result < 0) this.#fail()
    else {
      this.#isConnected = true
      this.#heard = performance.now()
      this.#failures = 0
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
    sendPacket(this.#world, this.#socket, this.#buffer, tellBuffer(this.#buffer))
  }

  #fail(): void {
    this.#timer = window.setTimeout(() => void this.connect(), backoff(this.#failures))
    this.#failures++
    this.#events.lost()
  }
}
