// Datagrams between the worlds of one process.

import { NetworkError } from '../../constants/NetworkError.ts'
import { SocketType } from '../../constants/SocketType.ts'
import { checkOptions, type OptionTable } from '../../errors/checkOptions.ts'
import { checkFunction } from '../../errors/optionChecks.ts'
import {
  type DatagramEndpoint,
  type DatagramEvents,
  type DatagramTransport,
} from '../DatagramTransport.ts'
import { PortAllocator } from './PortAllocator.ts'

/** The address that every endpoint shows. */
const memoryIp = '127.0.0.1'

/** As much as UDP over IPv4 carries. */
const bytesMax = 65_507

/** A datagram on its way. */
export interface MemoryDatagram {
  /** Its own copy: whoever delivers it may change it. */
  bytes: Uint8Array
  readonly fromPort: number
  readonly toPort: number
}

/** How memory datagrams travel. */
export interface MemoryDatagramOptions {
  /**
   * Plays a bad network: gets every datagram and calls `send` at once, later, several times or never. Without it, each
   * arrives at once.
   */
  readonly deliver?: ((datagram: MemoryDatagram, send: () => void) => void) | undefined
}

type Deliver = NonNullable<MemoryDatagramOptions['deliver']>

const optionChecks: OptionTable<MemoryDatagramOptions> = { deliver: checkFunction }

/**
 * Moves datagrams between worlds of one process without sockets: each arrives synchronously, in order, for the next
 * tick of the world it is for. Same functions and limits as UDP.
 *
 * Each call makes a network of its own with its own ports: give the same transport to all that should meet. Addresses
 * mean nothing here; every one finds the network's own ports. Everything comes from 127.0.0.1, which reliable peers must
 * send to. A broadcast goes to the one endpoint of its port.
 */
export function createMemoryDatagrams(options: MemoryDatagramOptions = {}): DatagramTransport {
  checkOptions('createMemoryDatagrams', 'option', options, optionChecks)
  const { deliver = (_datagram, send) => send() } = options
  const endpoints = new Map<number, MemoryEndpoint>()
  const ports = new PortAllocator((port) => endpoints.has(port))

  return {
    type: SocketType.memory,

    capabilities: {
      ordered: options.deliver === undefined,
      reliable: options.deliver === undefined,
      boundaries: 'message',
      connections: false,
      messageBytesMax: bytesMax,
    },

    bind({ port: wanted }, events) {
      if (endpoints.has(wanted)) return NetworkError.portUnavailable
      const localPort = wanted === 0 ? ports.next() : wanted
      if (localPort === undefined) return NetworkError.tooManySockets
      const endpoint = new MemoryEndpoint(localPort, events, endpoints, deliver)
      endpoints.set(localPort, endpoint)
      return endpoint
    },
  }
}

class MemoryEndpoint implements DatagramEndpoint {
  readonly localPort: number
  readonly pendingBytes = 0
  /** `undefined` once it is closed. */
  #events: DatagramEvents | undefined
  readonly #endpoints: Map<number, MemoryEndpoint>
  readonly #deliver: Deliver
  readonly #waiting: { readonly bytes: Uint8Array; readonly fromPort: number }[] = []
  /** `received` can send and so bring more: that waits until this end is done with what it has. */
  #isDelivering = false

  /** @param endpoints all of its network, by port */
  constructor(
    localPort: number,
    events: DatagramEvents,
    endpoints: Map<number, MemoryEndpoint>,
    deliver: Deliver,
  ) {
    this.localPort = localPort
    this.#events = events
    this.#endpoints = endpoints
    this.#deliver = deliver
  }

  send(bytes: Uint8Array, _ip: string, port: number): 0 | NetworkError {
    if (this.#events === undefined) return NetworkError.notConnected
    if (bytes.length > bytesMax) return NetworkError.tooLarge
    const datagram = { bytes: new Uint8Array(bytes), fromPort: this.localPort, toPort: port }
    this.#deliver(datagram, () => this.#endpoints.get(port)?.take(datagram))
    return 0
  }

  broadcast(bytes: Uint8Array, port: number): number | NetworkError {
    const result = this.send(bytes, memoryIp, port)
    return result < 0 ? result : 1
  }

  setMulticast(): void {}

  close(): void {
    if (this.#events === undefined) return
    this.#events = undefined
    this.#endpoints.delete(this.localPort)
  }

  take({ bytes, fromPort }: MemoryDatagram): void {
    this.#waiting.push({ bytes: new Uint8Array(bytes), fromPort })
    if (this.#isDelivering) return
    this.#isDelivering = true
    while (this.#waiting.length > 0) {
      const { bytes, fromPort } = this.#waiting.shift()!
      this.#events?.received(bytes, memoryIp, fromPort)
    }
    this.#isDelivering = false
  }
}
