// A random game with a field of each type over real sockets, of which one client is recorded.

import {
  addComponent,
  addEntity,
  type EntityId,
  getRelationTargets,
  hasComponent,
  query,
  removeComponent,
  removeEntity,
} from 'bitecs'
import {
  closeNetwork,
  Connected,
  connectSocket,
  createServer,
  createSocket,
  destroySocket,
  NetworkSystem,
  sendPacket,
  sendRaw,
  type SocketType,
} from 'bitecs-networking'
import { recordNetwork } from 'bitecs-networking/recording'
import {
  Joined,
  joinReplication,
  OwnedBy,
  Replicated,
  Replication,
  ReplicationSystem,
  serveReplication,
} from 'bitecs-networking/replication'
import { mulberry32 } from '../lib/random.ts'
import { clientsOf, portOf } from '../lib/sockets.ts'
import { turns, until } from '../lib/until.ts'
import { MemorySink } from '../recording/MemorySink.ts'
import {
  addKind,
  createKindsWorld,
  fillKind,
  kindsState,
  type KindsWorld,
  plainKinds,
} from './kindsGame.ts'

interface PlayOptions {
  readonly type: SocketType
  readonly isRaw: boolean
  readonly snapshots: number
}

interface Played {
  /** The recording of the client. */
  readonly bytes: Uint8Array
  /** What the client has in the end. */
  readonly state: Readonly<Record<string, unknown>>
}

/** Two clients play. The recorded one loses its connection twice and comes again. */
export async function playKinds(
  seed: number,
  { type, isRaw, snapshots }: PlayOptions,
): Promise<Played> {
  const random = mulberry32(seed)
  const host = createKindsWorld()
  const [client, other] = [createKindsWorld(), createKindsWorld()]
  const sink = new MemorySink()
  const recording = recordNetwork(client, sink)
  const hidden = new Set<EntityId>()
  const interest = (): EntityId[] =>
    [...query(host, [Replicated])].filter((entity) => !hidden.has(entity))
  const bare = addEntity(host)
  let tick = 0
  try {
    const server = createServer(host, type, 0, { raw: isRaw })
    // So little that what changes has to wait.
    serveReplication(host, server, { interest, bytesPerSnapshot: 100 })
    const sockets = [client, other].map((world) => createSocket(world, type))
    const round = (): void => {
      for (const world of [host, client, other]) NetworkSystem(world)
      for (const world of [client, other]) ReplicationSystem(world)
    }
    const snapshot = (): void => {
      ReplicationSystem(host, (tick += 3))
      round()
    }
    const enter = async (world: KindsWorld, socket: EntityId): Promise<void> => {
      let outcome: number | undefined
      void connectSocket(world, socket, '127.0.0.1', portOf(host, server), { raw: isRaw })
        .then(() => joinReplication(world, socket))
        .then((result) => (outcome = result))
      await until(() => outcome !== undefined, snapshot)
      if (outcome !== socket) throw new Error(`not joined: ${outcome}`)
    }
    await enter(other, sockets[1]!)
    const [otherAccepted] = clientsOf(host, server)
    await enter(client, sockets[0]!)
    const accepted = (): EntityId | undefined =>
      clientsOf(host, server).find((each) => each !== otherAccepted)
    for (let count = 0; count < snapshots; count++) {
      const owners = [otherAccepted, accepted()].filter((each) => each !== undefined)
      for (let changes = 0; changes < 8; changes++) change(host, random, owners, hidden, bare)
      snapshot()
      await turns(1)
      if (count % 50 === 10) {
        const [text, to] = ['a packet of the game', accepted()!]
        if (isRaw) sendRaw(host, to, Buffer.from(text))
        else sendPacket(host, to, text)
      }
      if (snapshots > 50 && count % (snapshots / 2) === 60) {
        destroySocket(host, accepted()!)
        await until(() => !hasComponent(client, sockets[0]!, Connected), round)
        for (let changes = 0; changes < 30; changes++)
          change(host, random, [otherAccepted!], hidden, bare)
        await enter(client, sockets[0]!)
      }
    }
    const store = Replication(client)
    await until(() => store.complete[sockets[0]!] === true, snapshot)
    await until(() => store.tick[sockets[0]!] === tick, round)
    if (!hasComponent(client, sockets[0]!, Joined)) throw new Error('the client was lost')
    recording.stop()
    return { bytes: sink.bytes(), state: kindsState(client, sockets[0]!) }
  } finally {
    recording.stop()
    for (const world of [client, other, host]) closeNetwork(world)
  }
}

/** @param bare an entity that is not replicated */
export function change(
  host: KindsWorld,
  random: () => number,
  owners: readonly EntityId[],
  hidden: Set<EntityId>,
  bare: EntityId,
): void {
  const below = (count: number): number => Math.floor(random() * count)
  const all = [...query(host, [Replicated])]
  const entity = all[below(all.length)]
  const kind = plainKinds[below(plainKinds.length)]!
  const roll = below(40)
  const spawn = (): void => {
    const made = addEntity(host)
    hidden.delete(made)
    for (const each of plainKinds) if (random() < 0.5) addKind(host, made, each, random, all)
    addComponent(host, made, Replicated)
  }
  if (entity === undefined || (roll < 4 && all.length < 40)) spawn()
  else if (roll === 4) removeEntity(host, entity)
  else if (roll === 5) {
    // bitECS gives its id to the next one.
    removeEntity(host, entity)
    spawn()
  } else if (roll < 8) {
    if (hidden.has(entity)) hidden.delete(entity)
    else if (random() < 0.5) hidden.add(entity)
  } else if (roll < 11) {
    if (hasComponent(host, entity, host[kind])) removeComponent(host, entity, host[kind])
    else addKind(host, entity, kind, random, all)
  } else if (roll < 13) {
    for (const owner of owners)
      if (hasComponent(host, entity, OwnedBy(owner))) removeComponent(host, entity, OwnedBy(owner))
    const next = owners[below(owners.length)]
    if (next !== undefined && random() < 0.8) addComponent(host, entity, OwnedBy(next))
  } else if (roll < 16) {
    const target = random() < 0.2 ? bare : all[below(all.length)]!
    const pair = host.ChildOf(target)
    if (hasComponent(host, entity, pair)) removeComponent(host, entity, pair)
    // bitECS 0.4 loses count where two point to each other.
    else if (
      target !== entity &&
      getRelationTargets(host, entity, host.ChildOf).length < 8 &&
      !hasComponent(host, target, host.ChildOf(entity))
    )
      addComponent(host, entity, pair)
  } else if (hasComponent(host, entity, host[kind])) fillKind(host, entity, kind, random, all)
}
