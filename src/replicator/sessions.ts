// Which sockets replicate: they begin when client and server agree, and end with the connection, or when `Joined` is removed.

import { addComponent, hasComponent, observe, onRemove, removeComponent } from 'bitecs'
import { Connected } from '../../components/stateTags.ts'
import { Joined } from '../../components/replicationTags.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { isLive } from '../entities/liveEntities.ts'
import { writeBye } from '../replication/messages.ts'
import { type ConnectionSocket } from '../socket/ConnectionSocket.ts'
import { type Replicator } from './Replicator.ts'
import { send } from './sendBytes.ts'

/** Ends what a socket has when its connection ends, or when `Joined` is removed from it here. */
export function watchSessions(replicator: Replicator): void {
  const { world } = replicator
  observe(world, onRemove(Connected), (entity) => {
    for (const socket of [...replicator.joins.keys(), ...sessionsOf(replicator)])
      if (socket.entity === entity) {
        replicator.joins.get(socket)?.settle(NetworkError.connectionClosed)
        endSession(replicator, socket)
      }
  })
  observe(world, onRemove(Joined), (entity) => {
    for (const socket of sessionsOf(replicator))
      if (socket.entity === entity) leave(replicator, socket)
  })
}

function sessionsOf({ host, guests }: Replicator): ConnectionSocket[] {
  return [...(host?.clients.keys() ?? []), ...guests.keys()]
}

/** This side takes part no more: the other one is told, if the connection goes on. */
function leave(replicator: Replicator, socket: ConnectionSocket): void {
  endSession(replicator, socket)
  if (socket.phase === 'open') send(replicator, socket, writeBye)
}

/** Begins: with a new row of `Replication`. An observer of the user may run. */
export function beginSession(
  { world, network, store }: Replicator,
  { entity }: ConnectionSocket,
): void {
  for (const column of Object.values(store) as unknown[][]) column[entity] = 0
  store.complete[entity] = false
  if (isLive(network, entity)) addComponent(world, entity, Joined)
}

/** Ends the replication over a socket, if there is one. A client keeps the replicas. */
export function endSession(replicator: Replicator, socket: ConnectionSocket): void {
  const { world, network, host, serverHalf, guests, lost } = replicator
  const { entity } = socket
  const client = host?.clients.get(socket)
  if (client !== undefined) serverHalf!.end(host!, client)
  const guest = guests.get(socket)
  if (guest !== undefined) {
    guests.delete(socket)
    lost.push(guest)
    socket.claim = undefined
  }
  const isThere = network.sockets.get(entity) === socket && isLive(network, entity)
  if (isThere && hasComponent(world, entity, Joined)) removeComponent(world, entity, Joined)
}
