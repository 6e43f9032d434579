import type { EntityId, World } from 'bitecs'
import { memoryOf } from '../buffer/BufferMemory.ts'
import { toUtf8 } from '../buffer/utf8.ts'
import { warnOfEarlySend, warnOfMixedModes } from '../warnings/warnOfCalls.ts'
import { MessageType } from '../constants/MessageType.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { isIterable, wrongType } from '../errors/argumentErrors.ts'
import { type Network } from '../network/Network.ts'
import { networkOf } from '../network/networkOf.ts'
import { headerBytes } from '../protocol/packetHeader.ts'
import { type ConnectionSocket } from '../socket/ConnectionSocket.ts'
import { appendBytes, appendPacket, queuedBytes } from '../protocol/Outbox.ts'
import { sendSoon } from '../socket/SendQueue.ts'
import { findSocket } from './findSocket.ts'
import {
  type Message,
  type MessageForm,
  messageToSend,
  type SendSource,
} from '../protocol/messageToSend.ts'

/** One socket, or several: an array, or what `query` returns. */
export type SendTarget = EntityId | Iterable<EntityId>

/** Sends a message over one connection, or over several. See `sendPacket` and `sendRaw`. */
export function sendMessage(
  where: string,
  world: World,
  target: SendTarget,
  source: SendSource,
  size: number | undefined,
  form: MessageForm,
): number {
  const network = networkOf(where, world)
  const message = messageToSend(where, source, size, form)
  if (typeof message === 'number') return message
  if (typeof target === 'number') return sendTo(where, network, target, message)
  if (!isIterable(target)) throw wrongType(where, 'target', 'an entity or several', target)
  // All of them first: nothing is sent if one is wrong.
  const entities = Array.isArray(target) || ArrayBuffer.isView(target) ? target : [...target]
  for (const entity of entities as Iterable<EntityId>)
    if (typeof entity !== 'number') throw wrongType(where, 'target', 'an entity or several', entity)
  message.memory.prepareView()
  let taken = 0
  for (const entity of entities as Iterable<EntityId>)
    if (sendTo(where, network, entity, message) >= 0) taken++
  return taken
}

function sendTo(where: string, network: Network, entity: EntityId, message: Message): number {
  const socket = findSocket(where, network, entity, 'connection')
  if (typeof socket === 'number') return socket
  const { outbox, isMessages, connection } = socket
  const { memory, start, size, form } = message
  const { sends } = network
  if (socket.phase !== 'open' || connection === undefined || connection.isClosing?.() === true) {
    warnOfEarlySend(where, socket)
    return NetworkError.notConnected
  }
  if (isQueueFull(socket)) return NetworkError.sendQueueFull
  const isPacket = form === 'packet'
  // A stream does not show that nothing was sent; a message may be empty.
  if (!isPacket && size === 0 && !isMessages) return 0
  if (isPacket === socket.stream.raw) warnOfMixedModes(socket, isPacket)
  if (outbox.batch === undefined) sendSoon(sends, socket)
  if (isPacket) appendPacket(sends.batches, outbox, memory, start, size)
  else if (isMessages && form === MessageType.text) {
    const text = memoryOf(toUtf8(memory.bytes.subarray(start, start + size)))
    appendBytes(sends.batches, outbox, text, 0, text.bytes.length, form)
  } else appendBytes(sends.batches, outbox, memory, start, size, MessageType.binary)
  network.traffic?.recordSent(socket, message)
  return isPacket && !isMessages ? size + headerBytes : size
}

function isQueueFull({ outbox, connection, settings }: ConnectionSocket): boolean {
  const waiting = outbox.writing === undefined ? 0 : (connection?.pendingBytes ?? 0)
  return queuedBytes(outbox) + waiting >= settings.sendQueueBytesMax
}
