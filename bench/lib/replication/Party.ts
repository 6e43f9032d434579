// A server and its clients, worlds of one process that replicate over a network in memory.
import { type EntityId, hasComponent, query, type World } from 'bitecs'
import {
  AcceptedBy,
  Connected,
  connectSocket,
  createServer,
  createSocket,
  createVirtualClock,
  NetworkSystem,
  Socket,
  SocketType,
} from 'bitecs-networking'
import {
  joinReplication,
  Joined,
  Replication,
  ReplicationSystem,
  serveReplication,
  type ServeOptions,
} from 'bitecs-networking/replication'
import { createMemoryNetwork } from 'bitecs-networking/simulation'

export interface Party<Stores extends object> {
  readonly server: World<Stores>
  readonly clients: readonly World<Stores>[]
  /** Milliseconds and heap bytes of the last `ReplicationSystem` of the server, and ms of the last `NetworkSystem` of all clients. */
  readonly last: { sendMs: number; heapBytes: number; applyMs: number }
  /** Bytes sent to all clients: of snapshots, and on the wire of WebSocket. */
  sent(): { payload: number; wire: number }
  /** A tick of the server with a snapshot, and a round of all clients. */
  tick(): Promise<void>
}

/** Joins so many clients. `make` makes a world that replicates. */
export async function createParty<Stores extends object>(
  make: () => World<Stores>,
  count: number,
  options: ServeOptions = {},
): Promise<Party<Stores>> {
  const clock = createVirtualClock()
  const network = createMemoryNetwork({ clock, random: () => 0.5 })
  const server = make()
  const clients = Array.from({ length: count }, make)
  for (const world of [server, ...clients]) network.join(world)
  const listener = createServer(server, SocketType.ws, 6_510)
  serveReplication(server, listener, { bytesPerSnapshot: 1 << 16, ...options })
  const sockets = clients.map((world): EntityId => createSocket(world, SocketType.ws))
  const last = { sendMs: 0, heapBytes: 0, applyMs: 0 }
  async function tick(): Promise<void> {
    clock.advance(1_000 / 60)
    NetworkSystem(server)
    const heap = process.memoryUsage().heapUsed
    const started = performance.now()
    ReplicationSystem(server)
    last.sendMs = performance.now() - started
    last.heapBytes = process.memoryUsage().heapUsed - heap
    NetworkSystem(server)
    await settle()
    clock.advance(0)
    await settle()
    const applied = performance.now()
    for (const world of clients) NetworkSystem(world)
    last.applyMs = performance.now() - applied
    for (const world of clients) {
      ReplicationSystem(world)
      NetworkSystem(world)
    }
    await settle()
  }
  for (const [at, world] of clients.entries())
    void connectSocket(world, sockets[at]!, '127.0.0.1', 6_510)
  const all = (component: object): boolean =>
    clients.every((world, at) => hasComponent(world, sockets[at]!, component))
  await until(tick, () => all(Connected))
  for (const [at, world] of clients.entries()) void joinReplication(world, sockets[at]!)
  await until(tick, () => all(Joined))
  return {
    server,
    clients,
    last,
    tick,
    sent() {
      const sum = (values: readonly number[]): number =>
        [...query(server, [AcceptedBy(listener)])].reduce((total, each) => total + values[each]!, 0)
      return { payload: sum(Replication(server).bytesOut), wire: sum(Socket(server).bytesOut) }
    },
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) await Promise.resolve()
}

async function until(tick: () => Promise<void>, isDone: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000 && !isDone(); turn++) await tick()
  if (!isDone()) throw new Error('the clients did not join')
}
