import type { EntityId, World } from 'bitecs'
import { createPacketDatagram } from '../protocol/datagram.ts'
import { headerBytes } from '../protocol/packetHeader.ts'
import { datagramToSend } from './datagramToSend.ts'
import { type SendSource } from '../protocol/messageToSend.ts'

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
  const sending = datagramToSend('broadcast', world, socket, port, buffer, size)
  if (typeof sending === 'number') return sending
  const { memory, start, size: count } = sending.message
  const result = sending.socket.broadcast(createPacketDatagram(memory.bytes, start, count), port)
  if (result < 0) return result
  sending.network.traffic?.recordSent({ entity: socket, ip: '', port }, sending.message)
  return count + headerBytes
}
