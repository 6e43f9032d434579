import { type EntityId, type World } from 'bitecs'
import { type BufferMemory } from '../buffer/BufferMemory.ts'
import { MessageType } from '../constants/MessageType.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { headerBytes } from '../protocol/packetHeader.ts'
import { findSocket } from './findSocket.ts'
import { sendSoon } from './flush.ts'
import { type Network, networkOf } from './Network.ts'
import { type NetworkSocket } from './NetworkSocket.ts'
import { appendBytes, appendPacket, appendText } from './Outbox.ts'
import { countToSend, memoryToSend, type SendSource, startOf } from './sendSource.ts'
import { warn } from './Warner.ts'

/** One socket, or several: an array, or what `query` gives. */
export type SendTarget = EntityId | Iterable<EntityId>

/**
 * Sends a packet: GameMaker's `network_send_packet`. The other end gets one data event with exactly these
 * bytes. Bytes are taken from the start of the buffer, whatever its seek position, and are copied: the
 * buffer may be changed at once. They leave when `NetworkSystem` ends, or, when sent outside it, when the
 * running synchronous code ends.
 *
 * A packet larger than the other end's `messageBytesMax` ends the connection: the reason is `tooLarge` there, and here that
 * the connection was reset or closed.
 *
 * @param size bytes to send; without it all that was written
 * @returns `size` + 12, or over WebSocket `size`, as GameMaker; or a negative `NetworkError` and nothing is sent:
 * `notConnected`, `sendQueueFull`, `unknownSocket`, `wrongRole` for a server or a UDP socket, `tooLarge` for a size above
 * the buffer's. For several sockets: how many of them took it
 * @throws RangeError for a size that is no integer of 0 or more, TypeError for arguments of a wrong type,
 * FreedError for a freed buffer
 */
export function sendPacket(
  world: World,
  target: SendTarget,
  buffer: SendSource,
  size?: number,
): number {
  return send('sendPacket', world, target, buffer, size, 'packet')
}

/**
 * Sends bytes as they are: GameMaker's `network_send_raw`, for raw connections. TCP keeps their order but
 * not their limits: two sends may arrive as one event, and one as two. WebSocket sends one message.
 *
 * @param size bytes to send; without it all that was written
 * @param type WebSocket: `MessageType.text` sends a text message; bytes that are no UTF-8 become U+FFFD. No effect
 * elsewhere
 * @returns `size`; or a negative `NetworkError` as of `sendPacket`, and nothing is sent. For several sockets: how many of
 * them took it
 * @throws RangeError for a size that is no integer of 0 or more, TypeError for arguments of a wrong type,
 * FreedError for a freed buffer
 */
export function sendRaw(
  world: World,
  target: SendTarget,
  buffer: SendSource,
  size?: number,
  type: MessageType = MessageType.binary,
): number {
  const where = 'sendRaw'
  if (type !== MessageType.binary && type !== MessageType.text)
    throw wrongType(where, 'type', 'MessageType.binary or MessageType.text', type)
  return send(where, world, target, buffer, size, type)
}

/** How something is sent: as a packet, or as bytes or text without a header. */
type SendForm = 'packet' | MessageType

function send(
  where: string,
  world: World,
  target: SendTarget,
  source: SendSource,
  size: number | undefined,
  form: SendForm,
): number {
  const network = networkOf(where, world)
  const memory = memoryToSend(where, source)
  const start = startOf(source)
  const count = countToSend(where, source, size)
  if (count < 0) return count
  if (typeof target === 'number') return sendTo(where, network, target, memory, start, count, form)
  if (target === null || typeof target !== 'object' || !(Symbol.iterator in target))
    throw wrongType(where, 'target', 'an entity or several', target)
  let taken = 0
  for (const entity of target)
    if (sendTo(where, network, entity, memory, start, count, form) >= 0) taken++
  return taken
}

function sendTo(
  where: string,
  network: Network,
  entity: EntityId,
  memory: BufferMemory,
  start: number,
  size: number,
  form: SendForm,
): number {
  const socket = findSocket(where, network, entity)
  if (typeof socket === 'number') return socket
  const { outbox, connection, isMessages } = socket
  if (socket.phase !== 'open' || connection === undefined) return NetworkError.notConnected
  const waiting = socket.isDraining ? connection.pendingBytes : 0
  // An empty message takes memory too.
  const queued = outbox.size + (isMessages ? outbox.count * headerBytes : 0)
  if (queued + waiting >= outbox.bytesMax) return NetworkError.sendQueueFull
  const isPacket = form === 'packet'
  // A stream does not show that nothing was sent; a message may be empty.
  if (!isPacket && size === 0 && !isMessages) return 0
  if (isPacket === socket.stream.raw) hintAtMixedModes(network, socket, isPacket)
  if (outbox.batch === undefined) sendSoon(network, socket)
  if (isPacket) {
    appendPacket(network.batches, outbox, memory, start, size)
    return isMessages ? size : size + headerBytes
  }
  if (isMessages && form === MessageType.text)
    appendText(network.batches, outbox, memory, start, size)
  else appendBytes(network.batches, outbox, memory, start, size, MessageType.binary)
  return size
}

function hintAtMixedModes(network: Network, socket: NetworkSocket, isPacket: boolean): void {
  if (socket.wasHinted) return
  socket.wasHinted = true
  const message = isPacket
    ? 'sendPacket on a raw connection: the peer sees 12 header bytes before the message; use sendRaw'
    : 'sendRaw on a packet connection: the peer expects packets and will find these bytes malformed; use sendPacket'
  warn(network.warner, 'mixedModes', message)
}
