import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { SocketType } from '../constants/SocketType.ts'
import {
  type Connection,
  type ConnectionEvents,
  type ListenerEvents,
  type Transport,
} from './Transport.ts'

/** The address that both ends of a memory connection show. */
const memoryIp = '127.0.0.1'

/** First port given out for port 0 and for connecting ends (RFC 6335 section 6, dynamic ports). */
const firstDynamicPort = 49152

/**
 * Joins worlds of one process without sockets: everything arrives synchronously, in order, for the next
 * tick of the world it is for. Same functions, events, framing and limits as TCP.
 *
 * Each call makes a network of its own with its own ports: give the same transport to `createServer` and
 * `createSocket`. Host names mean nothing here; every name finds the network's own ports.
 */
export function createMemoryTransport(): Transport {
  const listeners = new Map<number, ListenerEvents>()
  let nextPort = firstDynamicPort

  function freePort(): number {
    while (listeners.has(nextPort)) nextPort++
    return nextPort++
  }

  return {
    type: SocketType.memory,

    listen({ port: wanted }, events) {
      if (listeners.has(wanted)) return NetworkError.portUnavailable
      const port = wanted === 0 ? freePort() : wanted
      listeners.set(port, events)
      return { port, close: () => void listeners.delete(port) }
    },

    connect({ port }, events) {
      const localPort = freePort()
      const near = new MemoryConnection(port, localPort)
      const listener = listeners.get(port)
      if (listener === undefined) {
        events.failed(NetworkError.refused)
        return near
      }
      const far = new MemoryConnection(localPort, port)
      near.join(far)
      near.attach(events)
      events.opened(near)
      far.attach(listener.accepted(far))
      return near
    },
  }
}

class MemoryConnection implements Connection {
  readonly remoteIp = memoryIp
  readonly remotePort: number
  readonly localPort: number
  /** Bytes written that the peer, being paused, has not taken. */
  pendingBytes = 0
  #peer: MemoryConnection | undefined
  #events: ConnectionEvents | undefined
  /** What has arrived while this end was paused or had nobody to hear it. */
  #waiting: Uint8Array[] = []
  #peerHasClosed = false
  #isPaused = false
  /** `received` can write and so bring more: that waits until this end is done with what it has. */
  #isDelivering = false
  #hasLeft = false

  constructor(remotePort: number, localPort: number) {
    this.remotePort = remotePort
    this.localPort = localPort
  }

  join(peer: MemoryConnection): void {
    this.#peer = peer
    peer.#peer = this
  }

  attach(events: ConnectionEvents): void {
    if (this.#hasLeft) return
    this.#events = events
    this.#deliver()
  }

  write(bytes: Uint8Array): void {
    const peer = this.#peer
    if (peer === undefined) return
    this.pendingBytes += bytes.length
    peer.#waiting.push(bytes.slice())
    peer.#deliver()
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    this.#deliver()
  }

  close(): void {
    const peer = this.#leave()
    if (peer === undefined) return
    peer.#peerHasClosed = true
    peer.#deliver()
  }

  reset(): void {
    const peer = this.#leave()
    if (peer === undefined) return
    peer.#waiting = []
    peer.#end(DisconnectReason.reset)
  }

  /** This end hears and takes nothing more. Returns the other end, if it was there. */
  #leave(): MemoryConnection | undefined {
    const peer = this.#peer
    this.#hasLeft = true
    this.#peer = undefined
    this.#events = undefined
    this.#waiting = []
    if (peer !== undefined) peer.#peer = undefined
    return peer
  }

  #deliver(): void {
    if (this.#isDelivering) return
    this.#isDelivering = true
    while (this.#waiting.length > 0 && !this.#isPaused && this.#events !== undefined) {
      const bytes = this.#waiting.shift()!
      if (this.#peer !== undefined) this.#peer.pendingBytes -= bytes.length
      this.#events.received(bytes)
    }
    this.#isDelivering = false
    if (this.#peerHasClosed && this.#waiting.length === 0 && !this.#isPaused)
      this.#end(DisconnectReason.closed)
  }

  #end(reason: DisconnectReason): void {
    const events = this.#events
    this.#events = undefined
    events?.ended(reason)
  }
}
