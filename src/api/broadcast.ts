import type { EntityId, World } from 'bitecs'
import { type SendSource } from '../protocol/messageToSend.ts'
import { sendDatagram } from './sendDatagram.ts'

/**
 * Sends a datagram with a 12-byte header to everybody on this machine's IPv4 networks: GameMaker's
 * `network_send_broadcast`. Receivers are UDP sockets with that port. With the socket's setting `multicast` it also goes
 * to the IPv6 group FF02::1 on every interface, so one receiver may get it more than once.
 *
 * @returns `size` + 12; or a negative `NetworkError`, `unreachable` if this machine has no network,
 * `tooManySockets` if no descriptor is free to look
 * @throws as `sendUdp`
 */
export function broadcast(
  world: World,
  socket: EntityId,
  port: number,
  buffer: SendSource,
  size?: number,
): number {
  return sendDatagram('broadcast', world, socket, '', port, buffer, size)
}
