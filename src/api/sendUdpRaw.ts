import type { EntityId, World } from 'bitecs'
import { sendDatagram } from './sendDatagram.ts'
import { type SendSource } from '../protocol/messageToSend.ts'

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
  return sendDatagram('sendUdpRaw', world, socket, host, port, buffer, size)
}
