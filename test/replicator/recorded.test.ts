// Recorded sessions are replayed: those of servers, and those of clients that lose their connection.

import { addEntity, type EntityId, hasComponent, query, type World } from 'bitecs'
import {
  closeNetwork,
  Connected,
  Connecting,
  connectSocket,
  createServer,
  createSocket,
  destroySocket,
  NetworkSystem,
  SocketType,
} from 'bitecs-networking'
import { recordNetwork, replayNetwork } from 'bitecs-networking/recording'
import {
  Joined,
  joinReplication,
  netIdOf,
  Replicated,
  Replication,
  ReplicationSystem,
  serveReplication,
} from 'bitecs-networking/replication'
import * as assert from 'uvu/assert'
import { mulberry32 } from '../lib/random.ts'
import { rowSeed } from '../lib/row.ts'
import { clientsOf, portOf } from '../lib/sockets.ts'
import { turns, until } from '../lib/until.ts'
import { MemorySink } from '../recording/MemorySink.ts'
import { spec } from '../spec.ts'
import { createKindsWorld, kindsState, type KindsWorld } from './kindsGame.ts'
import { change } from './playKinds.ts'

const ticks = 81

/** A side of the game: all that it does follows from its seed and from what arrives. */
interface Side {
  readonly world: KindsWorld
  readonly step: () => void
  readonly state: () => unknown
}

function startServer(
  world: KindsWorld,
  type: SocketType,
  bytesPerSnapshot = 150,
): Side & { server: EntityId } {
  const random = mulberry32(rowSeed)
  const hidden = new Set<EntityId>()
  const bare = addEntity(world)
  const interest = (): EntityId[] =>
    [...query(world, [Replicated])].filter((entity) => !hidden.has(entity))
  const server = createServer(world, type, 0)
  serveReplication(world, server, { interest, bytesPerSnapshot })
  const step = (): void => {
    NetworkSystem(world)
    for (let changes = 0; changes < 6; changes++)
      change(world, random, clientsOf(world, server), hidden, bare)
    ReplicationSystem(world)
  }
  const state = (): unknown => {
    const store = Replication(world)
    const clients = clientsOf(world, server).map((client) => ({
      isJoined: hasComponent(world, client, Joined),
      counts: [store.tick, store.snapshotsOut, store.bytesOut, store.waiting].map(
        (it) => it[client],
      ),
    }))
    return [clients, [...query(world, [Replicated])].map((entity) => netIdOf(world, entity))]
  }
  return { world, server, step, state }
}

/** It connects again when it is not connected, and joins again. */
function startClient(world: KindsWorld, type: SocketType, port: number): Side & { leave(): void } {
  const socket = createSocket(world, type)
  const has = (tag: object): boolean => hasComponent(world, socket, tag)
  let isAsked = false
  const step = (): void => {
    if (!has(Connected)) isAsked = false
    if (!has(Connected) && !has(Connecting)) void connectSocket(world, socket, '127.0.0.1', port)
    if (has(Connected) && !isAsked) {
      isAsked = true
      void joinReplication(world, socket)
    }
    NetworkSystem(world)
    ReplicationSystem(world)
  }
  const state = (): unknown => [kindsState(world, socket), Replication(world).snapshotsIn[socket]]
  return { world, step, state, leave: () => destroySocket(world, socket) }
}

function recorded(sink: MemorySink): { world: KindsWorld; stop: () => void } {
  const world = createKindsWorld()
  const recording = recordNetwork(world, sink)
  return { world, stop: () => recording.stop() }
}

async function replayed(
  bytes: Uint8Array,
  start: (world: KindsWorld) => Side,
): Promise<{ state: unknown; difference: string | undefined }> {
  const world = createKindsWorld()
  const replay = replayNetwork(world, bytes)
  const { step, state } = start(world)
  await replay.run(step)
  return { state: structuredClone(state()), difference: replay.difference?.message }
}

const closeAll = (worlds: readonly World[]): void => worlds.forEach((it) => closeNetwork(it))

spec(`replays of replication, SEED=${rowSeed}`, (it) => {
  for (const [name, type] of [
    ['TCP', SocketType.tcp],
    ['WebSocket', SocketType.ws],
  ] as const) {
    it(`a server does the same again: ${name}`, async () => {
      const sink = new MemorySink()
      const { world, stop } = recorded(sink)
      const host = startServer(world, type)
      const port = portOf(world, host.server)
      const clients = [1, 2].map(() => startClient(createKindsWorld(), type, port))
      let state: unknown
      try {
        for (let tick = 0; tick < ticks; tick++) {
          host.step()
          for (const client of clients) if (tick < 60 || client !== clients[0]) client.step()
          if (tick === 60) clients[0]!.leave()
          await turns(3)
        }
        state = structuredClone(host.state())
      } finally {
        stop()
        closeAll([world, ...clients.map((client) => client.world)])
      }
      assert.ok(JSON.stringify(state).includes('true'), 'a client has joined')
      const again = await replayed(sink.bytes(), (at) => startServer(at, type))
      assert.is(again.difference, undefined)
      assert.equal(again.state, state)
      const other = await replayed(sink.bytes(), (at) => startServer(at, type, 100))
      assert.match(String(other.difference), /sent/)
    })

    it(`a client that was lost and joined again does the same again: ${name}`, async () => {
      const sink = new MemorySink()
      const host = startServer(createKindsWorld(), type)
      const port = portOf(host.world, host.server)
      const { world, stop } = recorded(sink)
      const client = startClient(world, type, port)
      const round = (): void => {
        host.step()
        client.step()
      }
      let state: unknown
      try {
        const isJoined = (): boolean =>
          clientsOf(host.world, host.server).some((each) => hasComponent(host.world, each, Joined))
        for (let times = 0; times < 3; times++) {
          await until(isJoined, round)
          for (let tick = 0; tick < ticks / 3; tick++) {
            round()
            await turns(1)
          }
          if (times < 2) destroySocket(host.world, clientsOf(host.world, host.server)[0]!)
        }
        state = structuredClone(client.state())
      } finally {
        stop()
        closeAll([host.world, world])
      }
      assert.ok(JSON.stringify(state).length > 1_000)
      const again = await replayed(sink.bytes(), (at) => startClient(at, type, port))
      assert.is(again.difference, undefined)
      assert.equal(again.state, state)
    })
  }
})
