import { DisconnectReason } from '../../constants/DisconnectReason.ts'
import { NetworkError } from '../../constants/NetworkError.ts'
import { SocketType } from '../../constants/SocketType.ts'
import { wrongType } from '../../errors/argumentErrors.ts'
import { checkOptions, type OptionTable } from '../../errors/checkOptions.ts'
import { FailedConnection } from '../FailedConnection.ts'
import { HeldMessages } from '../HeldMessages.ts'
import { PortAllocator } from './PortAllocator.ts'
import {
  type Connection,
  type ConnectionEvents,
  type ListenerEvents,
  type MessageLimits,
  type Transport,
} from '../Transport.ts'

/** The address that both ends of a memory connection show. */
const memoryIp = '127.0.0.1'

/** How a memory transport carries what is sent. */
export interface MemoryOptions {
  /** Default: `stream`, as TCP. */
  readonly boundaries?: 'stream' | 'message'
}

const optionChecks: OptionTable<MemoryOptions> = {
  boundaries(where, name, value) {
    if (value !== 'stream' && value !== 'message')
      throw wrongType(where, name, "'stream' or 'message'", value)
  },
}

/**
 * Joins worlds of one process without sockets: everything arrives synchronously, in order, for the next
 * tick of the world it is for. Same functions, events, framing and limits as TCP.
 *
 * Each call makes a network of its own with its own ports: give the same transport to `createServer` and
 * `createSocket`. Host names mean nothing here; every name finds the network's own ports.
 *
 * @param options `boundaries: 'message'` keeps the limits of messages and their types, as WebSocket does
 */
export function createMemoryTransport(options: MemoryOptions = {}): Transport {
  checkOptions('createMemoryTransport', 'option', options, optionChecks)
  const { boundaries = 'stream' } = options
  const listeners = new Map<number, ListenerEvents>()
  const usedPorts = new Set<number>()
  const ports = new PortAllocator((port) => usedPorts.has(port))

  return {
    type: SocketType.memory,
    capabilities: {
      ordered: true,
      reliable: true,
      boundaries,
      connections: true,
      messageBytesMax: Infinity,
    },

    listen({ port: wanted }, events) {
      if (usedPorts.has(wanted)) return NetworkError.portUnavailable
      const port = wanted === 0 ? ports.next() : wanted
      if (port === undefined) return NetworkError.tooManySockets
      usedPorts.add(port)
      listeners.set(port, events)
      return {
        port,
        close() {
          if (listeners.get(port) !== events) return
          listeners.delete(port)
          usedPorts.delete(port)
        },
      }
    },

    connect({ port }, events) {
      const listener = listeners.get(port)
      if (listener === undefined) return new FailedConnection(events, NetworkError.refused)
      const localPort = ports.next()
      if (localPort === undefined) return new FailedConnection(events, NetworkError.tooManySockets)
      usedPorts.add(localPort)
      const near = new MemoryConnection(port, localPort)
      const far = new MemoryConnection(localPort, port, () => usedPorts.delete(localPort))
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
  #peer: MemoryConnection | undefined
  readonly #held = new HeldMessages()
  #hasLeft = false
  #isBlocked = false

  #onEnd: (() => void) | undefined

  /** @param onEnd runs once when this end is over, whoever ended it */
  constructor(remotePort: number, localPort: number, onEnd?: () => void) {
    this.remotePort = remotePort
    this.localPort = localPort
    this.#onEnd = onEnd
  }

  join(peer: MemoryConnection): void {
    this.#peer = peer
    peer.#peer = this
  }

  attach(events: ConnectionEvents): void {
    if (this.#hasLeft) return
    this.#held.events = events
    this.#deliver()
  }

  /** Bytes written that the peer, being paused, has not taken. */
  get pendingBytes(): number {
    const peer = this.#peer
    return peer === undefined ? 0 : peer.#held.bytes
  }

  isClosing(): boolean {
    return this.#held.hasEnd
  }

  write(bytes: Uint8Array, messages?: MessageLimits): void {
    const peer = this.#peer
    if (peer === undefined) return
    // Not `slice`, which of a `Buffer` is no copy.
    const copy = new Uint8Array(bytes)
    if (messages === undefined) peer.#held.push(copy, undefined)
    else
      for (const [index, end] of messages.ends.entries())
        peer.#held.push(copy.subarray(messages.ends[index - 1] ?? 0, end), messages.types[index])
    peer.#deliver()
    this.#isBlocked = this.pendingBytes > 0
  }

  pause(): void {
    this.#held.isPaused = true
  }

  resume(): void {
    this.#held.isPaused = false
    this.#deliver()
  }

  close(): void {
    const peer = this.#leave()
    if (peer === undefined) return
    peer.#held.end(DisconnectReason.closed)
    peer.#deliver()
  }

  reset(): void {
    const peer = this.#leave()
    if (peer === undefined) return
    const events = peer.#held.stop()
    peer.#free()
    events?.ended(DisconnectReason.reset)
  }

  /** This end hears and takes nothing more. Returns the other end, if it was there. */
  #leave(): MemoryConnection | undefined {
    const peer = this.#peer
    this.#hasLeft = true
    this.#free()
    this.#peer = undefined
    this.#held.stop()
    if (peer !== undefined) peer.#peer = undefined
    return peer
  }

  #deliver(): void {
    this.#held.deliver()
    const peer = this.#peer
    if (peer !== undefined && this.#held.bytes === 0) peer.#tellDrained()
    if (this.#held.hasEnd && this.#held.events === undefined) this.#free()
  }

  /** Only for bytes that had to wait: a write that is taken at once needs no telling. */
  #tellDrained(): void {
    if (!this.#isBlocked) return
    this.#isBlocked = false
    this.#held.events?.drained()
  }

  #free(): void {
    this.#onEnd?.()
    this.#onEnd = undefined
  }
}
