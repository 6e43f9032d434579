import type { EntityId, World } from 'bitecs'
import { MessageType } from '../constants/MessageType.ts'
import { checkHost, checkInteger } from '../errors/argumentErrors.ts'
import { networkOf } from '../network/networkOf.ts'
import { messageToSend, type SendSource } from '../protocol/messageToSend.ts'
import { findSocket } from './findSocket.ts'

/**
 * Sends a message by a UDP socket, as `sendUdp`, `sendUdpRaw` and `broadcast` do.
 *
 * @param host of no meaning for `broadcast`
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
  const isBroadcast = where === 'broadcast'
  if (!isBroadcast) checkHost(where, host)
  const network = networkOf(where, world)
  checkInteger(where, 'port', port, 1, 65_535)
  const form = where === 'sendUdpRaw' ? MessageType.binary : 'packet'
  const message = messageToSend(where, source, size, form)
  if (typeof message === 'number') return message
  const socket = findSocket(where, network, entity, 'datagram')
  if (typeof socket === 'number') return socket
  if (isBroadcast) return socket.broadcast(message, port)
  return socket.sendTo(where, message, { entity, ip: host, port })
}
