// GameMaker's network functions that send.

import { type NetworkBuffer } from '../../buffer/NetworkBuffer.ts'
import { MessageType } from '../../constants/MessageType.ts'
import { NetworkError } from '../../constants/NetworkError.ts'
import { wrongType } from '../../errors/argumentErrors.ts'
import { broadcast } from '../../api/broadcast.ts'
import { sendPacket } from '../../api/sendPacket.ts'
import { sendRaw } from '../../api/sendRaw.ts'
import { sendUdp } from '../../api/sendUdp.ts'
import { sendUdpRaw } from '../../api/sendUdpRaw.ts'
import {
  copyMessage,
  type MessageForm,
  messageToSend,
  type SendSource,
} from '../../protocol/messageToSend.ts'
import { headerBytes } from '../../protocol/packetHeader.ts'
import { findSocket, type GmlSocket, noSocket } from '../binding.ts'
import { findBuffer } from '../buffer/bufferHandles.ts'
import { network_send_binary, network_send_text } from '../constants.ts'
import { keepSend } from '../EarlySends.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { settings } from '../settings.ts'
import { toNumber } from '../toNumber.ts'
import { isPort } from './isPort.ts'

/**
 * Sends the first `size` bytes of a buffer as one packet over a connection: the other end gets one data event with exactly
 * these bytes. The buffer's position plays no part and stays; the buffer may be changed or deleted at once.
 *
 * Right after `network_connect` it is kept, and leaves when the socket is connected (setting `early_sends`).
 *
 * @param socket a connected client, or on a server a client's socket; a UDP socket after `network_connect`; not a server
 * @returns `size` + 12, over WebSocket `size`; -1 if nothing was sent. The setting `packet_result` has other rules
 */
export function network_send_packet(
  socket: GmlNumber,
  bufferid: GmlNumber,
  size: GmlNumber,
): number {
  const where = 'network_send_packet'
  return withSource(where, socket, bufferid, size, (to, bytes, count) => {
    const send = (source: SendSource): number =>
      sendPacket(to.gml.network.world, to.entity, source, count)
    return packetResult(sendOrKeep(where, to, bytes, count, 'packet', send), count)
  })
}

/**
 * Sends the first `size` bytes of a buffer as they are, for raw connections. TCP keeps their order but not their limits.
 * It is kept as by `network_send_packet` right after `network_connect_raw`.
 *
 * @param socket as in `network_send_packet`
 * @param options WebSocket: `network_send_text` sends a text message, otherwise it is binary
 * @returns `size`; -1 if nothing was sent
 */
export function network_send_raw(
  socket: GmlNumber,
  bufferid: GmlNumber,
  size: GmlNumber,
  options: GmlNumber = network_send_binary,
): number {
  const where = 'network_send_raw'
  const isText = (toNumber(where, 'options', options) & network_send_text) !== 0
  const type = isText ? MessageType.text : MessageType.binary
  return withSource(where, socket, bufferid, size, (to, bytes, count) => {
    const send = (source: SendSource): number =>
      sendRaw(to.gml.network.world, to.entity, source, { size: count, type })
    return failure(sendOrKeep(where, to, bytes, count, type, send))
  })
}

/**
 * Sends the first `size` bytes of a buffer in one datagram with a 12-byte header, which GameMaker and this library take off
 * again. Datagrams may get lost, come twice, or overtake each other.
 *
 * @param socket a UDP socket or server
 * @param url a name or numeric address
 * @param port 1..65535
 * @returns `size` + 12; -1 if nothing was sent. The setting `packet_result` has other rules
 */
export function network_send_udp(
  socket: GmlNumber,
  url: string,
  port: GmlNumber,
  bufferid: GmlNumber,
  size: GmlNumber,
): number {
  return sendDatagram('network_send_udp', socket, url, port, bufferid, size, false)
}

/**
 * Sends the first `size` bytes of a buffer in one datagram as they are.
 *
 * @param socket a UDP socket or server
 * @param url a name or numeric address
 * @param port 1..65535
 * @returns `size`; -1 if nothing was sent
 */
export function network_send_udp_raw(
  socket: GmlNumber,
  url: string,
  port: GmlNumber,
  bufferid: GmlNumber,
  size: GmlNumber,
): number {
  return sendDatagram('network_send_udp_raw', socket, url, port, bufferid, size, true)
}

/**
 * Sends the first `size` bytes of a buffer in one datagram with a 12-byte header to everybody on this machine's IPv4
 * networks; receivers are UDP sockets of `network_create_socket_ext` with that port. With
 * `network_config_enable_multicast` it goes by IPv6 too, so one receiver may get it more than once.
 *
 * @param socket a UDP socket or server
 * @param port 1..65535
 * @returns `size` + 12; -1 if nothing was sent. The setting `packet_result` has other rules
 */
export function network_send_broadcast(
  socket: GmlNumber,
  port: GmlNumber,
  bufferid: GmlNumber,
  size: GmlNumber,
): number {
  const where = 'network_send_broadcast'
  const whole = Math.trunc(toNumber(where, 'port', port))
  return withSource(where, socket, bufferid, size, (to, bytes, count) =>
    isTarget(whole)
      ? packetResult(broadcast(to.gml.network.world, to.entity, whole, bytes, count), count)
      : -1,
  )
}

function sendDatagram(
  where: string,
  socket: GmlNumber,
  url: string,
  port: GmlNumber,
  bufferid: GmlNumber,
  size: GmlNumber,
  isRaw: boolean,
): number {
  if (typeof url !== 'string') throw wrongType(where, 'url', 'a string', url)
  const whole = Math.trunc(toNumber(where, 'port', port))
  return withSource(where, socket, bufferid, size, ({ gml, entity }, bytes, count) => {
    if (url === '' || !isTarget(whole)) return -1
    const { world } = gml.network
    if (isRaw) return failure(sendUdpRaw(world, entity, url, whole, bytes, count))
    return packetResult(sendUdp(world, entity, url, whole, bytes, count), count)
  })
}

/** Finds what all of them take. A socket, a buffer or a size that does not exist sends nothing. */
function withSource(
  where: string,
  socket: GmlNumber,
  bufferid: GmlNumber,
  size: GmlNumber,
  send: (to: GmlSocket, bytes: NetworkBuffer, count: number) => number,
): number {
  const count = Math.trunc(toNumber(where, 'size', size))
  const bytes = findBuffer(where, bufferid)
  const to = findSocket(where, socket)
  if (to === undefined) return noSocket(where, socket)
  if (bytes === undefined || !(count >= 0 && count <= bytes.size)) return -1
  return send(to, bytes, count)
}

/** Sends a message over a connection; or keeps a copy of it while `network_connect` is at work. */
function sendOrKeep(
  where: string,
  { gml, entity, early }: GmlSocket,
  bytes: NetworkBuffer,
  count: number,
  form: MessageForm,
  send: (source: SendSource) => number,
): number {
  if (early === undefined) return send(bytes)
  const message = messageToSend(where, bytes, count, form)
  if (typeof message === 'number') return message
  const copy = copyMessage(message)
  if (!keepSend(early, count, () => send(copy))) return NetworkError.sendQueueFull
  const target = gml.network.sockets.get(entity)
  const isStream = target?.kind === 'connection' && !target.isMessages
  return form === 'packet' && isStream ? count + headerBytes : count
}

/** What GameMaker says was sent, of what the main face says. */
function packetResult(sent: number, size: number): number {
  if (sent < 0) return -1
  if (settings.packet_result === 'payload') return size
  return settings.packet_result === 'with_header' ? size + headerBytes : sent
}

function failure(sent: number): number {
  return sent < 0 ? -1 : sent
}

function isTarget(port: number): boolean {
  return isPort(port) && port !== 0
}
