import type { EntityId, World } from 'bitecs'
import { sendDatagram } from './sendDatagram.ts'
import { type SendSource } from '../protocol/messageToSend.ts'

/**
 * Sends a datagram with a 12-byte header from a UDP socket or UDP server: GameMaker's `network_send_udp`. It leaves at
 * once, on a `reliable` socket with what connections send (`flushNetwork`). Whether it arrives is not known, unless the socket
 * is `reliable` (`setNetworkConfig`): then it is repeated until it has arrived, and may be larger than a datagram.
 *
 * @param host an address, or a name: then it leaves when the name has been looked up
 * @param size bytes to send; without it all that was written
 * @returns `size` + 12; or a negative `NetworkError` and nothing is sent: `tooLarge` above 65,495 bytes, or above
 * `reliableMessageBytesMax` where the socket is `reliable`; `unreachable` for an address family that the socket does not
 * have; `sendQueueFull`. What fails later counts as `undelivered` in `Socket(world)`
 * @throws RangeError for a port or size out of range, TypeError for arguments of a wrong type, FreedError for a
 * freed buffer
 */
export function sendUdp(
  world: World,
  socket: EntityId,
  host: string,
  port: number,
  buffer: SendSource,
  size?: number,
): number {
  return sendDatagram('sendUdp', world, socket, host, port, buffer, size)
}
