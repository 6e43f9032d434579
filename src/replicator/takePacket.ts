import { type ConnectionSocket } from '../socket/ConnectionSocket.ts'
import { type Replicator } from './Replicator.ts'

/** Takes a packet of replication, in the tick. Throws what observers of the user have thrown. */
export function takePacket(
  replicator: Replicator,
  socket: ConnectionSocket,
  bytes: Uint8Array,
): void {
  const { guests, host, store, serverHalf, clientHalf } = replicator
  if (guests.has(socket) || host?.clients.has(socket) === true)
    store.bytesIn[socket.entity]! += bytes.length
  if (socket.server === undefined) clientHalf?.take(replicator, socket, bytes)
  else if (host !== undefined) serverHalf!.take(replicator, host, socket, bytes)
}
