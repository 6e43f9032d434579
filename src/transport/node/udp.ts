// UDP over node:dgram.

import { createSocket, type Socket } from 'node:dgram'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { realClock } from '../../clock/Clock.ts'
import { setLimit } from '../../clock/patience.ts'
import { NetworkError } from '../../constants/NetworkError.ts'
import { SocketType } from '../../constants/SocketType.ts'
import {
  type DatagramEndpoint,
  type DatagramEvents,
  type DatagramTransport,
} from '../DatagramTransport.ts'
import {
  broadcastAddresses,
  type Interfaces,
  linkLocalZones,
  stripMappedPrefix,
} from './addresses.ts'
import { lingerMs } from './socketOptions.ts'
import { answerItself, bindErrorOf, bindWarningOf, hasNoSockets } from './bindErrors.ts'
import { networkErrorOf } from './networkErrorOf.ts'

/** Payload that fits 65,535 bytes with the headers of UDP and IPv4 (RFC 768, RFC 791). */
const ipv4BytesMax = 65_507

/** In IPv6 the 65,535 bytes do not count its own header (RFC 8200 section 4.5). */
const ipv6BytesMax = 65_527

/** Room asked of the operating system for datagrams that arrive while the program is busy. */
const receiveBufferBytes = 4 * 1024 * 1024

/** Every IPv6 node of a network (RFC 4291 section 2.7.1). */
const allNodes = 'ff02::1'

/**
 * UDP over `node:dgram`. An endpoint that is bound to one address broadcasts on the network of that address only, and on
 * most systems hears no broadcast. Linux lets every IPv6 endpoint hear the all-nodes group, whether it has joined or not.
 */
export const udp: DatagramTransport = {
  type: SocketType.udp,

  capabilities: {
    ordered: false,
    reliable: false,
    boundaries: 'message',
    connections: false,
    messageBytesMax: ipv4BytesMax,
  },

  bind({ port, host }, events) {
    let result: DatagramEndpoint | Failure | undefined
    // Without a host IPv4 alone if the machine has no IPv6. A taken port stays taken; and a runtime without UDP may keep
    // the port for a while, so that a second try would be told that it is taken.
    for (const address of host === undefined ? ['::', '0.0.0.0'] : [stripMappedPrefix(host)]) {
      result = bindAddress(address, port, events)
      if (!('error' in result)) return result
      if (finalErrors.includes(result.error)) break
    }
    const { error, cause } = result as Failure
    const warning =
      error === NetworkError.unsupported
        ? `this runtime has no UDP sockets: ${cause?.message}`
        : cause && bindWarningOf(cause, port, host)
    if (warning !== undefined) events.warned?.(warning)
    return error
  },
}

/** Errors of an address after which another would not help. */
const finalErrors: readonly NetworkError[] = [
  NetworkError.portUnavailable,
  NetworkError.unsupported,
]

/** Why an address could not be bound. */
interface Failure {
  readonly error: NetworkError
  readonly cause?: NodeJS.ErrnoException
}

/** Binding a numeric address is synchronous in `node:dgram` when the lookup is. */
function bindAddress(
  address: string,
  port: number,
  events: DatagramEvents,
): DatagramEndpoint | Failure {
  const family = isIP(address)
  if (family === 0) return { error: NetworkError.hostNotFound }
  let socket: Socket | undefined
  let cause: NodeJS.ErrnoException | undefined
  try {
    socket = createSocket({
      type: family === 6 ? 'udp6' : 'udp4',
      ipv6Only: false,
      lookup: answerItself,
    })
    socket.on('error', (error) => (cause ??= error))
    // Exclusive: workers of a cluster do not share a port, as with any other program.
    socket.bind({ port, address, exclusive: true })
    if (cause !== undefined) throw cause
    return new UdpEndpoint(socket, events)
  } catch (thrown) {
    const error = bindErrorOf(thrown as Error)
    try {
      socket?.close()
    } catch {
      // It is not open.
    }
    // Other runtimes than Node may lack a part of node:dgram, or bind later.
    const isLacking = error === NetworkError.general && cause === undefined
    return { error: isLacking ? NetworkError.unsupported : error, cause: thrown as Error }
  }
}

class UdpEndpoint implements DatagramEndpoint {
  readonly localPort: number
  readonly #socket: Socket
  readonly #hasIpv4: boolean
  readonly #hasIpv6: boolean
  /** The address that is bound, if it is not all of them; without its zone. */
  readonly #own: string | undefined
  /** `undefined` once it is closed. */
  #events: DatagramEvents | undefined
  #isMulticast = false
  /** Zones of the interfaces on which it is in the group. */
  readonly #joined = new Set<string>()
  /** Stops the limit on an endpoint that is closed. */
  #cancelLinger: (() => void) | undefined

  constructor(socket: Socket, events: DatagramEvents) {
    const { address, port, family } = socket.address()
    // Throws here, and not at the first send, where a runtime has no such function.
    socket.getSendQueueSize()
    socket.getSendQueueCount()
    this.localPort = port
    this.#socket = socket
    this.#hasIpv6 = family === 'IPv6'
    this.#hasIpv4 = family === 'IPv4' || address === '::'
    this.#own = address === '::' || address === '0.0.0.0' ? undefined : address.split('%')[0]
    this.#events = events
    socket.on('error', (error) => this.#events?.undelivered(networkErrorOf(error)))
    // node:dgram gives each datagram memory of its own, just as large as it is.
    socket.on('message', ({ buffer, byteOffset, length }, { address, port }) => {
      const bytes = new Uint8Array(buffer, byteOffset, length)
      this.#events?.received(bytes, stripMappedPrefix(address), port)
    })
    try {
      socket.setRecvBufferSize(receiveBufferBytes)
    } catch {
      // Some systems refuse what is above their limit; then theirs stays.
    }
  }

  get pendingBytes(): number {
    return this.#events === undefined ? 0 : this.#socket.getSendQueueSize()
  }

  get pendingCount(): number {
    return this.#events === undefined ? 0 : this.#socket.getSendQueueCount()
  }

  reaches(ip: string): boolean {
    return isIP(stripMappedPrefix(ip)) === 4 ? this.#hasIpv4 : this.#hasIpv6
  }

  send(bytes: Uint8Array, ip: string, port: number): 0 | NetworkError {
    if (this.#events === undefined) return NetworkError.notConnected
    const address = stripMappedPrefix(ip)
    const family = isIP(address)
    if (family === 0) return NetworkError.hostNotFound
    if (bytes.length > (family === 4 ? ipv4BytesMax : ipv6BytesMax)) return NetworkError.tooLarge
    if (!(family === 4 ? this.#hasIpv4 : this.#hasIpv6)) return NetworkError.unreachable
    return this.#hand(bytes, address, port)
  }

  broadcast(bytes: Uint8Array, port: number): number | NetworkError {
    if (this.#events === undefined) return NetworkError.notConnected
    if (bytes.length > ipv4BytesMax) return NetworkError.tooLarge
    const interfaces = readInterfaces()
    const targets = this.#hasIpv4 ? broadcastAddresses(interfaces, this.#own) : []
    if (this.#isMulticast)
      for (const zone of linkLocalZones(interfaces, this.#own)) targets.push(`${allNodes}%${zone}`)
    if (targets.length === 0)
      return hasNoSockets() ? NetworkError.tooManySockets : NetworkError.unreachable
    this.#socket.setBroadcast(true)
    for (const target of targets) {
      const result = this.#hand(bytes, target, port)
      if (result < 0) return result
    }
    return targets.length
  }

  setMulticast(isOn: boolean): void {
    if (this.#events === undefined || !this.#hasIpv6) return
    this.#isMulticast = isOn
    if (isOn) for (const zone of linkLocalZones(readInterfaces(), this.#own)) this.#join(zone)
    else for (const zone of this.#joined) this.#leave(zone)
  }

  close(): void {
    if (this.#events === undefined) return
    this.#events = undefined
    // Closing the socket now would drop what it has not handed over.
    this.#linger()
  }

  /** A dual-stack socket takes IPv4 addresses only in IPv6 form. */
  #hand(bytes: Uint8Array, address: string, port: number): 0 | NetworkError {
    const isMapped = this.#hasIpv6 && !address.includes(':')
    try {
      this.#socket.send(bytes, port, isMapped ? `::ffff:${address}` : address, this.#onSent)
      return 0
    } catch {
      return NetworkError.general
    }
  }

  readonly #onSent = (error: Error | null): void => {
    if (error !== null) this.#events?.undelivered(networkErrorOf(error))
    if (this.#cancelLinger !== undefined) this.#linger()
  }

  /** Ends when all has been handed over, or when that makes no progress. */
  #linger(): void {
    this.#cancelLinger?.()
    this.#cancelLinger = setLimit(realClock, lingerMs, () => this.#end(), true)
    if (this.#socket.getSendQueueCount() === 0) this.#end()
  }

  #end(): void {
    this.#cancelLinger?.()
    this.#cancelLinger = undefined
    this.#socket.close()
  }

  #join(zone: string): void {
    if (this.#joined.has(zone)) return
    try {
      this.#socket.addMembership(allNodes, `::%${zone}`)
      this.#joined.add(zone)
    } catch (error) {
      this.#events?.undelivered(networkErrorOf(error as Error))
    }
  }

  #leave(zone: string): void {
    this.#joined.delete(zone)
    try {
      this.#socket.dropMembership(allNodes, `::%${zone}`)
    } catch {
      // The interface is gone, and the membership with it.
    }
  }
}

function readInterfaces(): Interfaces {
  try {
    return networkInterfaces()
  } catch {
    // Some sandboxes do not let a program look.
    return {}
  }
}
