import type { EntityId, World } from 'bitecs'
import { MessageType } from '../constants/MessageType.ts'
import { checkInteger } from '../errors/argumentErrors.ts'
import { networkOf } from '../network/networkOf.ts'
import { messageToSend, type SendSource } from '../protocol/messageToSend.ts'
import { findSocket } from './findSocket.ts'

/**
 * Sends a message by a UDP socket, as `sendUdp`, `sendUdpRaw` and `broadcast` do.
 *
 * @param host empty to send to everybody near
 */
export function sendDatagram(
  where: string,
  world: World,
  entity: EntityId,
  host: string,
  port: number,
  source: SendSource,
  size: number | undefined,
): number {
  const network = networkOf(where, world)
  checkInteger(where, 'port', port, 1, 65_535)
  const form = where === 'sendUdpRaw' ? MessageType.binary : 'packet'
  const message = messageToSend(where, source, size, form)
  if (typeof message === 'number') return message
  const socket = findSocket(where, network, entity, 'datagram')
  if (typeof socket === 'number') return socket
  const to = { entity, ip: host, port }
  const result = host === '' ? socket.broadcast(message, port) : socket.sendTo(where, message, to)
  if (result >= 0) network.traffic?.recordSent(to, message)
  return result
}
