import type { EntityId, World } from 'bitecs'
import { MessageType } from '../constants/MessageType.ts'
import { type NetworkError } from '../constants/NetworkError.ts'
import { checkInteger, wrongType } from '../errors/argumentErrors.ts'
import { hostNamesOf } from '../network/hostNamesOf.ts'
import { type Network } from '../network/Network.ts'
import { networkOf } from '../network/networkOf.ts'
import { createPacketDatagram } from '../protocol/datagram.ts'
import { headerBytes } from '../protocol/packetHeader.ts'
import { type DatagramSocket } from '../socket/udp/DatagramSocket.ts'
import { withAddresses } from '../transport/HostNames.ts'
import { findSocket } from './findSocket.ts'
import {
  copyMessage,
  type Message,
  messageToSend,
  type SendSource,
} from '../protocol/messageToSend.ts'

/** A message, and the UDP socket that sends it. */
interface DatagramToSend {
  readonly network: Network
  readonly socket: DatagramSocket
  readonly message: Message
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
  const form = where === 'sendUdpRaw' ? MessageType.binary : 'packet'
  const message = messageToSend(where, source, size, form)
  if (typeof message === 'number') return message
  const socket = findSocket(where, network, entity, 'datagram')
  return typeof socket === 'number' ? socket : { network, socket, message }
}

/** Sends to a host what the arguments of `sendUdp` or `sendUdpRaw` mean: now, or when the host's name has been looked up. */
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
  const sending = datagramToSend(where, world, entity, port, source, size)
  if (typeof sending === 'number') return sending
  const { network, socket, message } = sending
  const { memory, start, size: count, form } = message
  const isPacket = form === 'packet'
  const isReliable = isPacket && socket.isReliable
  const bytes =
    isPacket && !isReliable
      ? createPacketDatagram(memory.bytes, start, count)
      : copyMessage(message)
  let result: 0 | NetworkError = 0
  let isLate = false
  const waits = withAddresses(hostNamesOf(network), host, (addresses, error) => {
    // The world may be gone when the name has been looked up, and the socket's row another's.
    if (isLate && !network.isAlive()) return
    const isOnly = addresses.length === 1
    const ip = (isOnly ? undefined : addresses.find((each) => socket.reaches(each))) ?? addresses[0]
    if (ip === undefined) result = error
    else if (isReliable) result = socket.sendReliable(bytes, ip, port)
    else result = socket.sendPlain(bytes, ip, port)
    if (isLate && result !== 0) socket.undelivered()
  })
  isLate = true
  if (waits !== 0 || result !== 0) return waits || result
  network.traffic?.recordSent({ entity, ip: host, port }, message)
  return isPacket ? count + headerBytes : count
}
