import { type EntityId, type World } from 'bitecs'
import { MessageType } from '../constants/MessageType.ts'
import { checkHost, copyOf, datagramToSend, sendToHost } from './datagramToSend.ts'
import { type SendSource } from './sendSource.ts'

/**
 * Sends a datagram as it is: GameMaker's `network_send_udp_raw`. Never repeated, also where the socket is `reliable`.
 *
 * @returns `size`; or a negative `NetworkError`, as `sendUdp`; `tooLarge` above 65,507 bytes
 * @throws as `sendUdp`
 */
export function sendUdpRaw(
  world: World,
  socket: EntityId,
  host: string,
  port: number,
  buffer: SendSource,
  size?: number,
): number {
  const where = 'sendUdpRaw'
  checkHost(where, host)
  const message = datagramToSend(where, world, socket, port, buffer, size)
  if (typeof message === 'number') return message
  const result = sendToHost(message, host, copyOf(message), false)
  if (result !== 0) return result
  const to = { entity: socket, ip: host, port }
  message.network.traffic?.recordSent(to, message, MessageType.binary)
  return message.size
}
