// How fast simulations are: the arena with 200 bots on a bad line, and what a network in memory costs beside plain memory
// transports.
import { createWorld, type EntityId, type World } from 'bitecs'
import {
  connectSocket,
  createMemoryTransport,
  createServer,
  createSocket,
  flushNetwork,
  NetworkSystem,
  onNetworking,
  sendPacket,
  setNetworkConfig,
  SocketType,
  type TransportChoice,
} from 'bitecs-networking'
import { createMemoryNetwork, simulate } from 'bitecs-networking/simulation'
import { arenaSimulation } from '../demos/simulation/arenaSimulation.ts'

const seconds = Number(process.argv[2] ?? 60)
const rounds = 9
const ticks = 200
const perTick = 200
const payload = new Uint8Array(32)

const { cost } = await simulate({
  ...arenaSimulation({ bots: 200, seconds, seed: 1 }),
  wallClock: () => performance.now(),
})
const { speed, wallMs } = cost!
console.log(
  `arena, 200 bots, 60 Hz, 100 ms ± 30 ms, 2 % lost: ${seconds} simulated seconds in ${(wallMs / 1_000).toFixed(1)} s, ${speed.toFixed(1)} a second`,
)

const plain = await createRun(createMemoryTransport())
const network = createMemoryNetwork()
const joined = await createRun(SocketType.tcp, (world) => network.join(world))
const ratios: number[] = []
for (let round = 0; round <= rounds; round++) {
  const plainMs = plain()
  const ratio = joined() / plainMs
  // The first warms up.
  if (round > 0) ratios.push(ratio)
}
ratios.sort((a, b) => a - b)
console.log(
  `an event over a network in memory without conditions: ${ratios[rounds >> 1]!.toFixed(2)} × [${ratios[0]!.toFixed(2)}–${ratios.at(-1)!.toFixed(2)}] that over a memory transport`,
)

/** Two worlds of which one sends to the other. What is returned sends, takes, and returns the milliseconds. */
async function createRun(
  type: TransportChoice,
  join: (world: World) => void = () => {},
): Promise<() => number> {
  const [host, guest] = [createWorld(), createWorld()]
  for (const world of [host, guest]) join(world)
  setNetworkConfig(host, { eventsPerSocketMax: Infinity, queuedEventsMax: 1e6 })
  const server = createServer(host, type, 6510)
  const socket: EntityId = createSocket(guest, type)
  let events = 0
  onNetworking(host, server, () => void events++)
  await connectSocket(guest, socket, '127.0.0.1', 6510)
  NetworkSystem(host)
  return () => {
    events = 0
    const startMs = performance.now()
    for (let tick = 0; tick < ticks; tick++) {
      for (let index = 0; index < perTick; index++) sendPacket(guest, socket, payload)
      flushNetwork(guest)
      NetworkSystem(host)
    }
    const tookMs = performance.now() - startMs
    if (events !== ticks * perTick) throw new Error(`${events} events`)
    return tookMs
  }
}
