import { type EntityId, type World } from 'bitecs'
import { type BufferMemory, memoryOf } from '../buffer/BufferMemory.ts'
import { NetworkBuffer, liveMemory } from '../buffer/NetworkBuffer.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { checkInteger, wrongType } from '../errors/argumentErrors.ts'
import { headerBytes } from '../protocol/packetHeader.ts'
import { findSocket } from './findSocket.ts'
import { sendSoon } from './flush.ts'
import { type Network, networkOf } from './Network.ts'
import { type NetworkSocket } from './NetworkSocket.ts'
import { appendBytes, appendPacket } from './Outbox.ts'
import { warn } from './Warner.ts'

/** One socket, or several: an array, or what `query` gives. */
export type SendTarget = EntityId | Iterable<EntityId>

/** What can be sent: a buffer, or plain bytes. */
export type SendSource = NetworkBuffer | Uint8Array

const sizeMax = 0xffff_ffff

/**
 * Sends a packet: GameMaker's `network_send_packet`. The other end gets one data event with exactly these
 * bytes. Bytes are taken from the start of the buffer, whatever its seek position, and are copied: the
 * buffer may be changed at once. They leave when `NetworkSystem` ends, or, when sent outside it, when the
 * running synchronous code ends.
 *
 * @param size bytes to send; without it all that was written
 * @returns the bytes on the wire, `size` + 12; or a negative `NetworkError` and nothing is sent. For several
 * sockets: how many of them took it
 * @throws RangeError for a size that is no integer of 0 or more, TypeError for arguments of a wrong type,
 * FreedError for a freed buffer
 */
export function sendPacket(
  world: World,
  target: SendTarget,
  buffer: SendSource,
  size?: number,
): number {
  return send('sendPacket', world, target, buffer, size, true)
}

/**
 * Sends bytes as they are: GameMaker's `network_send_raw`, for raw connections. TCP keeps their order but
 * not their limits: two sends may arrive as one event, and one as two.
 *
 * @param size bytes to send; without it all that was written
 * @returns `size`; or a negative `NetworkError` and nothing is sent. For several sockets: how many of them
 * took it
 * @throws RangeError for a size that is no integer of 0 or more, TypeError for arguments of a wrong type,
 * FreedError for a freed buffer
 */
export function sendRaw(
  world: World,
  target: SendTarget,
  buffer: SendSource,
  size?: number,
): number {
  return send('sendRaw', world, target, buffer, size, false)
}

function send(
  where: string,
  world: World,
  target: SendTarget,
  source: SendSource,
  size: number | undefined,
  asPacket: boolean,
): number {
  const network = networkOf(where, world)
  let memory: BufferMemory
  let start = 0
  let available: number
  let count = size
  if (source instanceof NetworkBuffer) {
    memory = liveMemory(where, source)
    start = source.start
    available = source.size
    count ??= source.used
  } else if (source instanceof Uint8Array) {
    memory = memoryOf(source)
    available = source.length
    count ??= available
  } else throw wrongType(where, 'buffer', 'a buffer or a Uint8Array', source)
  if (!Number.isInteger(count) || count < 0) checkInteger(where, 'size', count, 0, sizeMax)
  if (count > available || count > sizeMax) return NetworkError.tooLarge
  if (typeof target === 'number')
    return sendTo(where, network, target, memory, start, count, asPacket)
  if (target === null || typeof target !== 'object' || !(Symbol.iterator in target))
    throw wrongType(where, 'target', 'an entity or several', target)
  let taken = 0
  for (const entity of target)
    if (sendTo(where, network, entity, memory, start, count, asPacket) >= 0) taken++
  return taken
}

function sendTo(
  where: string,
  network: Network,
  entity: EntityId,
  memory: BufferMemory,
  start: number,
  size: number,
  asPacket: boolean,
): number {
  const socket = findSocket(where, network, entity)
  if (typeof socket === 'number') return socket
  const { outbox, connection } = socket
  if (socket.phase !== 'open' || connection === undefined) return NetworkError.notConnected
  const waiting = socket.isDraining ? connection.pendingBytes : 0
  if (outbox.size + waiting >= outbox.bytesMax) return NetworkError.sendQueueFull
  if (!asPacket && size === 0) return 0
  if (asPacket === socket.stream.raw) hintAtMixedModes(network, socket, asPacket)
  if (outbox.batch === undefined) sendSoon(network, socket)
  if (asPacket) appendPacket(network.batches, outbox, memory, start, size)
  else appendBytes(network.batches, outbox, memory, start, size)
  return asPacket ? size + headerBytes : size
}

function hintAtMixedModes(network: Network, socket: NetworkSocket, asPacket: boolean): void {
  if (socket.wasHinted) return
  socket.wasHinted = true
  const message = asPacket
    ? 'sendPacket on a raw connection: the peer sees 12 header bytes before the message; use sendRaw'
    : 'sendRaw on a packet connection: the peer expects packets and will find these bytes malformed; use sendPacket'
  warn(network.warner, 'mixedModes', message)
}
