import type { EntityId, World } from 'bitecs'
import { refuseTarget, warnOfEarlySend, warnOfMixedModes } from '../warnings/warnOfCalls.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { checkEntities } from '../errors/checkEntities.ts'
import { type Network } from './Network.ts'
import { networkOf } from './networkOf.ts'
import { headerBytes } from '../protocol/packetHeader.ts'
import { type ConnectionSocket } from '../socket/ConnectionSocket.ts'
import { appendMessage, appendToAll, type Outbox, queuedBytes } from '../protocol/Outbox.ts'
import { sendSoon } from '../socket/SendQueue.ts'
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
  // All of them first: nothing is sent if one is wrong.
  const entities = checkEntities(where, 'target', target)
  message.memory.prepareView()
  const made: Outbox[] = []
  let taken = 0
  for (const entity of entities) if (sendTo(where, network, entity, message, made) >= 0) taken++
  return taken
}

/** @param made what `appendToAll` has made of the message, if it goes to several */
function sendTo(
  where: string,
  network: Network,
  entity: EntityId,
  message: Message,
  made?: Outbox[],
): number {
  const socket = network.sockets.get(entity)
  if (socket?.kind !== 'connection')
    return socket?.kind === 'datagram'
      ? socket.sendTo(where, message)
      : refuseTarget(where, network.warner, entity, socket?.kind, 'connection')
  const { outbox, isMessages, connection } = socket
  const { size, form } = message
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
  if (made === undefined) appendMessage(sends.batches, outbox, message)
  else appendToAll(sends.batches, outbox, message, made)
  network.traffic?.recordSent(socket, message)
  return isPacket && !isMessages ? size + headerBytes : size
}

function isQueueFull(socket: ConnectionSocket): boolean {
  return waitingBytes(socket) >= socket.settings.sendQueueBytesMax
}

/** Bytes that were sent over a connection and wait here: the operating system has not taken them. */
export function waitingBytes({ outbox, connection }: ConnectionSocket): number {
  return queuedBytes(outbox) + (outbox.writing === undefined ? 0 : (connection?.pendingBytes ?? 0))
}
