// G5 and G6 of replication, the client: what InterpolationSystem takes of a frame, and what it allocates, with 2,000 replicas of
// which 200 move; 20 snapshots and 60 frames a second, in virtual time.
//
//   node --expose-gc build/bench/measure-interpolation.js
import { addComponents, addEntity, createWorld, hasComponent, query, type World } from 'bitecs'
import {
  Connected,
  connectSocket,
  createServer,
  createSocket,
  createVirtualClock,
  NetworkSystem,
  SocketType,
} from 'bitecs-networking'
import {
  InterpolationSystem,
  Joined,
  joinReplication,
  quaternion,
  range,
  Replicated,
  replicate,
  ReplicationSystem,
  serveReplication,
  Shown,
} from 'bitecs-networking/replication'
import { createMemoryNetwork } from 'bitecs-networking/simulation'
import { median } from './lib/statistics.ts'

const [replicas, moving, ticksBetween, rounds] = [2_000, 200, 3, 10]
const tickMs = 1_000 / 60

interface Stores {
  readonly Place: Readonly<Record<'x' | 'y' | 'z', number[]>>
  readonly Turn: Readonly<Record<'x' | 'y' | 'z' | 'w', number[]>>
}

function createGame(): World<Stores> {
  const world = createWorld<Stores>({
    Place: { x: [], y: [], z: [] },
    Turn: { x: [], y: [], z: [], w: [] },
  })
  const axis = range(0, 4_096, 1 / 64)
  replicate(world, {
    Place: [world.Place, { x: axis, y: axis, z: axis }, { interpolate: true }],
    Turn: [world.Turn, quaternion(9), { interpolate: true }],
  })
  return world
}

const clock = createVirtualClock()
const network = createMemoryNetwork({ clock, random: Math.random })
const [server, client] = [createGame(), createGame()]
for (const world of [server, client]) network.join(world)
serveReplication(server, createServer(server, SocketType.ws, 6_510), { bytesPerSnapshot: 65_536 })
const socket = createSocket(client, SocketType.ws)
void connectSocket(client, socket, '127.0.0.1', 6_510)
let tick = 1
let entities: readonly number[] = []
while (!hasComponent(client, socket, Connected)) await frame(() => {})
void joinReplication(client, socket)
while (!hasComponent(client, socket, Joined)) await frame(() => {})

entities = Array.from({ length: replicas }, () => addEntity(server))
for (const entity of entities) {
  addComponents(server, entity, [server.Place, server.Turn, Replicated])
  for (const axis of ['x', 'y', 'z'] as const)
    server.Place[axis][entity] = 100 + Math.random() * 1_000
  for (const axis of ['x', 'y', 'z', 'w'] as const) server.Turn[axis][entity] = axis === 'w' ? 1 : 0
}
network.setConditions({ latencyMs: 50, jitterMs: 10, jitter: 'uniform' })
while (query(client, [Shown]).length < replicas) await frame(() => {})

const [times, bytes]: [number[], number[]] = [[], []]
for (let round = 0; round <= rounds; round++) {
  const [frames, heaps]: [number[], number[]] = [[], []]
  for (let count = 0; count < 300; count++)
    await frame((run) => {
      if (count % 2 === 0) {
        const started = performance.now()
        run()
        frames.push(performance.now() - started)
        return
      }
      const before = process.memoryUsage().heapUsed
      run()
      const used = process.memoryUsage().heapUsed - before
      if (used >= 0) heaps.push(used)
    })
  // The first is for warming up.
  if (round === 0) continue
  times.push(median(frames))
  bytes.push(median(heaps))
}
console.log(
  `${replicas} replicas, ${moving} of them moving in 3 numbers and a rotation; medians of ${rounds} rounds`,
)
console.log(
  `  InterpolationSystem  ${show(times, 3)} ms a frame   ${show(bytes, 0)} heap bytes a frame`,
)

/** A tick of the server and a frame of the client; `measure` gets what runs InterpolationSystem. */
async function frame(measure: (run: () => void) => void): Promise<void> {
  clock.advance(Math.max(tick * tickMs - clock.now(), 0))
  NetworkSystem(server)
  for (let at = 0; at < moving; at++) move(entities[at])
  if (tick % ticksBetween === 0) ReplicationSystem(server, tick)
  tick++
  NetworkSystem(client)
  const run = (): void => void InterpolationSystem(client)
  let isDone = false
  measure(() => {
    isDone = true
    run()
  })
  if (!isDone) run()
  ReplicationSystem(client)
  for (let turn = 0; turn < 4; turn++) await Promise.resolve()
}

function move(entity: number | undefined): void {
  if (entity === undefined) return
  const { Place, Turn } = server
  for (const axis of ['x', 'y', 'z'] as const) Place[axis][entity]! += Math.random() - 0.5
  Turn.x[entity] = Math.sin(tick / 100)
  Turn.w[entity] = Math.cos(tick / 100)
}

function show(values: readonly number[], digits: number): string {
  const sorted = values.toSorted((a, b) => a - b)
  return `${median(sorted).toFixed(digits)} [${sorted[0]!.toFixed(digits)}–${sorted.at(-1)!.toFixed(digits)}]`
}
