import { type BitWriter, clearBits, createBitWriter } from '../bits/BitWriter.ts'
import { MessageType } from '../constants/MessageType.ts'
import { sendMessage, waitingBytes } from '../network/sendMessage.ts'
import { messageBytesMax } from '../replication/envelope.ts'
import { type ConnectionSocket } from '../socket/ConnectionSocket.ts'
import { type Replicator } from './Replicator.ts'

/** Used again for each message but snapshots. */
const writer: BitWriter = /* @__PURE__ */ createBitWriter(messageBytesMax)

/** Writes and sends a message. Returns whether it was taken. */
export function send(
  replicator: Replicator,
  socket: ConnectionSocket,
  write: (writer: BitWriter) => void,
): boolean {
  clearBits(writer)
  write(writer)
  return sendBytes(replicator, socket, writer.bytes.subarray(0, writer.at))
}

/** Sends a packet of replication, on raw WebSockets as a message. Returns whether it was taken. */
export function sendBytes(
  { world, network, store }: Replicator,
  socket: ConnectionSocket,
  bytes: Uint8Array,
): boolean {
  const { entity } = socket
  if (network.sockets.get(entity) !== socket) return false
  const form = socket.stream.raw ? MessageType.binary : 'packet'
  const isTaken = sendMessage('replication', world, entity, bytes, undefined, form) >= 0
  if (isTaken && entity in store.bytesOut) store.bytesOut[entity]! += bytes.length
  return isTaken
}

/** Whether a connection stands still with more than so many bytes, or cannot take as many: state is replaced, not queued. */
export function isBehind(socket: ConnectionSocket, bytes: number): boolean {
  if (socket.outbox.writing === undefined) return false
  return waitingBytes(socket) > Math.min(bytes, socket.settings.sendQueueBytesMax - 1)
}
