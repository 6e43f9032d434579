import {
  type EntityId,
  getAllEntities,
  observe,
  onAdd,
  onRemove,
  query,
  removeComponent,
  type World,
} from 'bitecs'
import { OwnedBy } from '../../components/OwnedBy.ts'
import { Replicated } from '../../components/replicationTags.ts'
import { Socket } from '../../components/Socket.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { failureOf, wrongEntity, wrongType } from '../errors/argumentErrors.ts'
import { checkOptions, type OptionCheck, type OptionTable } from '../errors/checkOptions.ts'
import { collect, throwCollected } from '../errors/collect.ts'
import { componentBit } from '../entities/componentBits.ts'
import { checkFunction, integerIn } from '../errors/optionChecks.ts'
import { closeClientView } from '../replication/ClientView.ts'
import { slotOf } from '../replication/netId.ts'
import { addSourceEntity, createSource, removeSourceEntity } from '../replication/Source.ts'
import { type ListenerSocket } from '../socket/ListenerSocket.ts'
import { warn } from '../warnings/Warner.ts'
import { type Host, type ServeOptions } from './Host.ts'
import { type Replicator, replicatorOf, type ServerHalf } from './Replicator.ts'
import { sendSnapshots } from './sendSnapshots.ts'
import { takeFromClient } from './takeFromClient.ts'

const where = 'serveReplication'
const unsupported = `${where}: UDP and raw TCP do not carry replication; TCP, WebSocket and raw WebSocket do`

const serverHalf: ServerHalf = {
  take: takeFromClient,
  run: sendSnapshots,
  end({ clients, source }, { socket, view }) {
    clients.delete(socket)
    closeClientView(source, view)
  },
}

const checkHz: OptionCheck = (at, name, value) => {
  if (typeof value !== 'number' || !(value > 0 && value <= 1_000))
    throw wrongType(at, name, 'a number above 0 and up to 1000', value)
}

const serveOptionChecks: OptionTable<ServeOptions> = {
  hz: checkHz,
  interest: checkFunction,
  priority: checkFunction,
  bytesPerSnapshot: /* @__PURE__ */ integerIn(64, 128 * 1024),
  history: /* @__PURE__ */ integerIn(2, 32),
}

/**
 * From now on clients of a server may join the replication of its world: those that call `joinReplication` receive the entities
 * that have `Replicated`, with the components that `replicate` names. `ReplicationSystem` sends them. Other clients of the server
 * notice nothing of it, and handlers see no packet of it. A world may have several such servers, for example one of TCP and one of
 * WebSockets. Called again for the same server it changes the options, for clients that join from then on.
 *
 * Raw WebSockets carry it too; raw TCP, which has no messages, and UDP do not.
 *
 * @returns the server; or `unknownSocket`, `wrongRole` for a socket that is not a server, `unsupported`, with a warning, for raw
 * TCP and UDP
 * @throws Error before `replicate`; TypeError or RangeError for wrong options
 */
export function serveReplication(
  world: World,
  server: EntityId,
  options: ServeOptions = {},
): EntityId | NetworkError {
  const replicator = replicatorOf(where, world)
  if (typeof server !== 'number' || failureOf(server) !== undefined)
    throw wrongEntity(where, 'server', 'a server', server)
  const given = checkOptions(where, 'option', options, serveOptionChecks)
  const listener = findListener(replicator, server)
  if (typeof listener === 'number') {
    if (listener === NetworkError.unsupported) warn(replicator.network.warner, where, unsupported)
    return listener
  }
  const { hz = 60, interest, priority, bytesPerSnapshot = 4_096, history = 32 } = given
  replicator.serverHalf = serverHalf
  const host = (replicator.host ??= createHost(replicator, history))
  host.servers.set(listener, { hz, interest, priority, bytesPerSnapshot })
  listener.claim = replicator.claim
  return server
}

function findListener({ network }: Replicator, server: EntityId): ListenerSocket | NetworkError {
  const listener = network.sockets.get(server)
  if (listener?.kind === 'datagram') return NetworkError.unsupported
  if (listener?.kind !== 'listener')
    return listener === undefined ? NetworkError.unknownSocket : NetworkError.wrongRole
  const isRawStream =
    listener.options.raw && listener.transport.capabilities.boundaries !== 'message'
  return isRawStream ? NetworkError.unsupported : listener
}

function createHost(replicator: Replicator, history: number): Host {
  const { world, network, schema } = replicator
  const host: Host = {
    source: createSource(schema, history),
    epoch: 1 + Math.floor(network.config.random() * 0xffff_fffe),
    netIds: new Map(),
    entities: [],
    weights: [],
    servers: new Map(),
    clients: new Map(),
    greeted: new WeakMap(),
    tick: 0,
    lastClient: 0,
  }
  observe(world, onAdd(Replicated), (entity) => addReplicated(replicator, host, entity))
  observe(world, onRemove(Replicated), (entity) => removeReplicated(host, entity))
  observe(world, onRemove(Socket), (entity) => endOwnership(world, entity))
  for (const entity of query(world, [Replicated])) addReplicated(replicator, host, entity)
  return host
}

/** A socket is removed: bitECS gives its id to the next one, which must not own what this one did. */
function endOwnership(world: World, socket: EntityId): void {
  const component = OwnedBy(socket)
  const bit = componentBit(world, component)
  if (bit === undefined) return
  const errors: unknown[] = []
  for (const entity of getAllEntities(world))
    if ((bit.masks[entity]! & bit.flag) !== 0)
      collect(errors, () => removeComponent(world, entity, component))
  throwCollected(errors)
}

function addReplicated({ network }: Replicator, host: Host, entity: EntityId): void {
  // bitECS may have lost it: see liveEntities.ts.
  removeReplicated(host, entity)
  const netId = addSourceEntity(host.source)
  if (netId === 0) {
    warn(
      network.warner,
      'replicationSlots',
      'replication: more than 1,048,575 entities; the rest is not replicated',
    )
    return
  }
  host.netIds.set(entity, netId)
  host.entities[slotOf(netId)] = entity
}

function removeReplicated({ source, netIds }: Host, entity: EntityId): void {
  const netId = netIds.get(entity)
  if (netId === undefined) return
  netIds.delete(entity)
  removeSourceEntity(source, netId)
}
