// What UDP sockets send.

import type { EntityId, World } from 'bitecs'
import { type BufferMemory } from '../buffer/BufferMemory.ts'
import { MessageType } from '../constants/MessageType.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { checkInteger, wrongType } from '../errors/argumentErrors.ts'
import { type Network } from '../network/Network.ts'
import { networkOf } from '../network/networkOf.ts'
import { type MessageForm } from '../network/TrafficObserver.ts'
import { createPacketDatagram } from '../protocol/datagram.ts'
import { headerBytes } from '../protocol/packetHeader.ts'
import { type DatagramSocket } from '../socket/udp/DatagramSocket.ts'
import { withAddress } from '../socket/udp/HostNames.ts'
import { countToSend, memoryToSend, type SendSource, startOf } from './sendSource.ts'

/** A message, and the UDP socket that sends it. */
export interface DatagramToSend {
  readonly network: Network
  readonly socket: DatagramSocket
  readonly port: number
  readonly memory: BufferMemory
  readonly start: number
  readonly size: number
  readonly form: MessageForm
}

/** What the arguments of a send function mean, or why nothing can be sent. */
export function datagramToSend(
  where: string,
  world: World,
  entity: EntityId,
  port: number,
  source: SendSource,
  size: number | undefined,
): DatagramToSend | NetworkError {
  const network = networkOf(where, world)
  checkInteger(where, 'port', port, 1, 65_535)
  const memory = memoryToSend(where, source)
  const count = countToSend(where, source, size)
  if (count < 0) return count as NetworkError
  const socket = network.sockets.get(entity)
  if (socket === undefined) {
    if (typeof entity !== 'number') throw wrongType(where, 'socket', 'an entity', entity)
    return NetworkError.unknownSocket
  }
  if (socket.kind !== 'datagram') return NetworkError.wrongRole
  const form = where === 'sendUdpRaw' ? MessageType.binary : 'packet'
  return { network, socket, port, memory, start: startOf(source), size: count, form }
}

/** Sends to a host what the arguments of `sendUdp` or `sendUdpRaw` mean. */
export function sendToHost(
  where: string,
  world: World,
  entity: EntityId,
  host: string,
  port: number,
  source: SendSource,
  size: number | undefined,
): number {
  if (typeof host !== 'string' || host === '')
    throw wrongType(where, 'host', 'a name or an address', host)
  const message = datagramToSend(where, world, entity, port, source, size)
  if (typeof message === 'number') return message
  const { network, socket, memory, start, size: count } = message
  const isRaw = message.form !== 'packet'
  const isReliable = !isRaw && socket.isReliable
  const bytes =
    isRaw || isReliable
      ? // Not `slice`, which of a `Buffer` is not a copy.
        new Uint8Array(memory.bytes.subarray(start, start + count))
      : createPacketDatagram(memory.bytes, start, count)
  const result = sendBytes(message, host, bytes, isReliable)
  if (result !== 0) return result
  network.traffic?.recordSent({ entity, ip: host, port }, message)
  return isRaw ? count : count + headerBytes
}

/** Sends now, or when the host's name has been looked up. */
function sendBytes(
  { network, socket, port }: DatagramToSend,
  host: string,
  bytes: Uint8Array,
  isReliable: boolean,
): 0 | NetworkError {
  let result: 0 | NetworkError = 0
  let isLate = false
  const waits = withAddress(network.hostNames, host, (ip) => {
    // The world may be gone when the name has been looked up, and the socket's row another's.
    if (isLate && !network.isAlive()) return
    if (ip === undefined) result = NetworkError.hostNotFound
    else if (isReliable) result = socket.sendReliable(bytes, ip, port)
    else result = socket.send(bytes, ip, port)
    if (isLate && result !== 0) socket.undelivered()
  })
  isLate = true
  return waits === 0 ? result : waits
}
