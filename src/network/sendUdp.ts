// What UDP sockets send.

import { type EntityId, type World } from 'bitecs'
import { NetworkError } from '../constants/NetworkError.ts'
import { checkInteger, wrongType } from '../errors/argumentErrors.ts'
import { createPacketDatagram } from '../protocol/datagram.ts'
import { headerBytes } from '../protocol/packetHeader.ts'
import { type DatagramSocket } from './DatagramSocket.ts'
import { type Network, networkOf } from './Network.ts'
import { countToSend, memoryToSend, type SendSource, startOf } from './sendSource.ts'
import { withAddress } from './withAddress.ts'

/**
 * Sends a datagram with a 12-byte header from a UDP socket or UDP server: GameMaker's `network_send_udp`. It leaves at
 * once. Whether it arrives nobody knows, unless the socket is `reliable` (`setNetworkConfig`): then it is repeated until
 * it has arrived, and may be larger than a datagram.
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
  return send('sendUdp', world, socket, host, port, buffer, size, false)
}

/**
 * Sends a datagram as it is: GameMaker's `network_send_udp_raw`. Never repeated, also where the socket is `reliable`.
 *
 * @returns `size`; or a negative `NetworkError`, as {@link sendUdp}; `tooLarge` above 65,507 bytes
 * @throws as {@link sendUdp}
 */
export function sendUdpRaw(
  world: World,
  socket: EntityId,
  host: string,
  port: number,
  buffer: SendSource,
  size?: number,
): number {
  return send('sendUdpRaw', world, socket, host, port, buffer, size, true)
}

/**
 * Sends a datagram with a 12-byte header to everybody on this machine's IPv4 networks: GameMaker's
 * `network_send_broadcast`. Receivers are UDP sockets with that port. With the socket's setting `multicast` it also goes
 * to the IPv6 group FF02::1 on every interface, so one receiver may get it more than once.
 *
 * @returns `size` + 12; or a negative `NetworkError`, `unreachable` if this machine has no network
 * @throws as {@link sendUdp}
 */
export function broadcast(
  world: World,
  socket: EntityId,
  port: number,
  buffer: SendSource,
  size?: number,
): number {
  const sent = outgoing('broadcast', world, socket, port, buffer, size)
  if (typeof sent === 'number') return sent
  const { found, bytes, start, count } = sent
  const result = found.broadcast(createPacketDatagram(bytes, start, count), port)
  return result < 0 ? result : count + headerBytes
}

function send(
  where: string,
  world: World,
  socket: EntityId,
  host: string,
  port: number,
  source: SendSource,
  size: number | undefined,
  isRaw: boolean,
): number {
  if (typeof host !== 'string' || host === '')
    throw wrongType(where, 'host', 'a name or an address', host)
  const sent = outgoing(where, world, socket, port, source, size)
  if (typeof sent === 'number') return sent
  const { network, found, bytes, start, count } = sent
  const isReliable = !isRaw && found.isReliable
  // Not `slice`, which of a `Buffer` is no copy.
  const datagram =
    isRaw || isReliable
      ? new Uint8Array(bytes.subarray(start, start + count))
      : createPacketDatagram(bytes, start, count)
  const result = sendTo(network, found, host, port, datagram, isReliable)
  if (result !== 0) return result
  return isRaw ? count : count + headerBytes
}

interface Outgoing {
  readonly network: Network
  readonly found: DatagramSocket
  readonly bytes: Uint8Array
  readonly start: number
  readonly count: number
}

/** What the arguments mean, or why nothing can be sent. */
function outgoing(
  where: string,
  world: World,
  socket: EntityId,
  port: number,
  source: SendSource,
  size: number | undefined,
): Outgoing | NetworkError {
  const network = networkOf(where, world)
  checkInteger(where, 'port', port, 1, 65_535)
  const { bytes } = memoryToSend(where, source)
  const count = countToSend(where, source, size)
  if (count < 0) return count as NetworkError
  const found = network.sockets.get(socket)
  if (found === undefined) {
    if (typeof socket !== 'number') throw wrongType(where, 'socket', 'an entity', socket)
    return NetworkError.unknownSocket
  }
  if (found.kind !== 'datagrams') return NetworkError.wrongRole
  return { network, found, bytes, start: startOf(source), count }
}

/** Sends now, or when the host's name has been looked up. */
function sendTo(
  network: Network,
  socket: DatagramSocket,
  host: string,
  port: number,
  bytes: Uint8Array,
  isReliable: boolean,
): 0 | NetworkError {
  let result: 0 | NetworkError = 0
  let isLate = false
  const waits = withAddress(network, host, (ip) => {
    if (ip === undefined) result = NetworkError.hostNotFound
    else if (isReliable) result = socket.sendReliable(bytes, ip, port)
    else result = socket.send(bytes, ip, port)
    if (isLate && result !== 0) socket.undelivered()
  })
  isLate = true
  return waits === 0 ? result : waits
}
