import { type EntityId, type World } from 'bitecs'
import { setLimit } from '../clock/patience.ts'
import { noBytes } from '../constants/noBytes.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import { failureOf, wrongEntity } from '../errors/argumentErrors.ts'
import { collect } from '../errors/collect.ts'
import { writeHello } from '../replication/messages.ts'
import { type ConnectionSocket } from '../socket/ConnectionSocket.ts'
import { minuteMs, warn } from '../warnings/Warner.ts'
import { type Guest } from './Guest.ts'
import { watchReplicas } from './replicaEntities.ts'
import { type ClientHalf, type Replicator, replicatorOf } from './Replicator.ts'
import { acknowledgeSnapshots } from './acknowledgeSnapshots.ts'
import { removeLeft } from './removeLeft.ts'
import { takeFromServer } from './takeFromServer.ts'
import { send } from './sendBytes.ts'

const where = 'joinReplication'

/** So many acknowledgements may leave before the first frame. */
const patience = 30

const clientHalf: ClientHalf = {
  take: takeFromServer,
  run(replicator, errors) {
    const { guests, lost, network } = replicator
    const now = network.config.clock.now()
    for (const guest of guests.values()) {
      collect(errors, () => acknowledgeSnapshots(replicator, guest))
      removeLeft(replicator, guest, now, errors)
      warnOfNoFrames(replicator, guest)
    }
    for (const guest of lost) removeLeft(replicator, guest, now, errors)
  },
}

/** Without frames there is nothing to see, and nothing else that says why. */
function warnOfNoFrames({ network, needsFrames }: Replicator, guest: Guest): void {
  const { clock, coming } = guest.timeline
  const isDrawn = !needsFrames || !Number.isNaN(clock.frameMs)
  if (isDrawn || coming.size === 0 || guest.sequence < patience) return
  const message = `${coming.size} replicas wait for Shown: InterpolationSystem(world) has not run; call it once a frame`
  warn(network.warner, 'noFrames', message, minuteMs)
}

/**
 * Joins the replication of the server that a client socket is connected to. From then on `NetworkSystem` makes the server's
 * entities here, with `Remote`, and keeps them as they are there. It needs ticks to come to a result.
 *
 * After a lost connection the replicas stay. Once the socket, or another one, has connected to the same server and joined again,
 * they are what they are on the server; those that are not there any more are removed.
 *
 * @returns the socket; or a negative `NetworkError`: `schemaMismatch` if the two ends declare different components, which a warning
 * names, `notReplicating`, `versionMismatch`, `refused`, `timedOut` after `connectTimeoutMs`, also if the server does not know of
 * replication, `connectionClosed`; `notConnected`, `unknownSocket`, `wrongRole`, or `unsupported` for raw TCP and UDP
 * @throws Error before `replicate`; TypeError unless `socket` is an entity: at once and not through the promise
 */
export function joinReplication(world: World, socket: EntityId): Promise<EntityId | NetworkError> {
  const replicator = replicatorOf(where, world)
  if (typeof socket !== 'number' || failureOf(socket) !== undefined)
    throw wrongEntity(where, 'socket', 'a client socket', socket)
  const connection = findConnection(replicator, socket)
  if (typeof connection === 'number') return Promise.resolve(connection)
  if (replicator.guests.has(connection)) return Promise.resolve(socket)
  return replicator.joins.get(connection)?.outcome ?? sayHello(replicator, connection)
}

function findConnection(
  { network }: Replicator,
  entity: EntityId,
): ConnectionSocket | NetworkError {
  const socket = network.sockets.get(entity)
  if (socket === undefined) return NetworkError.unknownSocket
  if (socket.kind === 'datagram') return NetworkError.unsupported
  if (socket.kind === 'listener' || socket.role !== SocketRole.client) return NetworkError.wrongRole
  if (socket.stream.raw && !socket.isMessages) return NetworkError.unsupported
  return socket.phase === 'open' ? socket : NetworkError.notConnected
}

function sayHello(
  replicator: Replicator,
  socket: ConnectionSocket,
): Promise<EntityId | NetworkError> {
  const { network, schema, joins, claim } = replicator
  const kept = keptFor(replicator, socket.entity)
  const hello = { schemaHash: schema.hash, epoch: kept?.epoch ?? 0, token: noBytes, proof: 0 }
  if (!send(replicator, socket, (writer) => writeHello(writer, hello)))
    return Promise.resolve(NetworkError.notConnected)
  let settle: (result: EntityId | NetworkError) => void
  const outcome = new Promise<EntityId | NetworkError>((resolve) => {
    settle = resolve
  })
  const { clock, connectTimeoutMs } = network.config
  const cancel = setLimit(clock, connectTimeoutMs, () => join.settle(NetworkError.timedOut))
  const join = {
    outcome,
    kept,
    settle(result: EntityId | NetworkError) {
      if (joins.get(socket) !== join) return
      joins.delete(socket)
      cancel()
      if (result < 0) socket.claim = undefined
      settle(result)
    },
  }
  joins.set(socket, join)
  if (replicator.clientHalf === undefined) {
    replicator.clientHalf = clientHalf
    watchReplicas(replicator)
  }
  socket.claim = claim
  return outcome
}

/** The replicas of a connection that was lost: the socket's own, or the latest that nobody else asks for. */
function keptFor({ lost, joins }: Replicator, entity: EntityId): Guest | undefined {
  const asked = new Set([...joins.values()].map(({ kept }) => kept))
  const free = lost.filter((guest) => !asked.has(guest))
  return free.findLast(({ socket }) => socket.entity === entity) ?? free.at(-1)
}
