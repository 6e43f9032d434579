// What a server with n clients costs, over the transport that does nothing.
import { addEntity, removeEntity } from 'bitecs'
import {
  DisconnectReason,
  flushNetwork,
  type NetworkingHandler,
  NetworkSystem,
  NetworkType,
  sendPacket,
} from 'bitecs-networking'
import {
  clientsOf,
  type Crowd,
  createCrowd,
  expectEvents,
  joinCrowd,
  packetsOf,
} from '../createCrowd.ts'
import { headerBytes } from '../gameMaker.ts'
import { type SilentPeer } from '../createSilentTransport.ts'
import { nanosOfCall, nanosOfRun } from './timing.ts'

const payloadBytes = 32
const stateBytes = 64
const someSockets = 10

/** Nanoseconds, for one size of crowd. */
export interface CrowdCosts {
  idleTick: number
  query: number
  /** A message, where ten of the sockets get one each. */
  echoOfSome: number
  /** A message, where all sockets get one each. */
  echoOfAll: number
  /** A socket that a broadcast reaches. */
  broadcast: number
  connect: number
  end: number
  /** Making and removing an entity that is no socket. */
  otherEntity: number
}

/** Measures all of it in one world. */
export function measureCrowd(size: number): CrowdCosts {
  const crowd = createCrowd(size, echo)
  const { world, peers } = crowd
  const step = Math.max(1, Math.floor(size / someSockets))
  const some = peers.filter((_, index) => index % step === 0).slice(0, someSockets)
  return {
    idleTick: nanosOfCall(() => NetworkSystem(world)),
    query: nanosOfCall(() => clientsOf(crowd)),
    echoOfSome: echoNanos(crowd, some, payloadBytes, 301),
    echoOfAll: echoNanos(crowd, peers, payloadBytes, 51),
    broadcast: broadcastNanos(crowd) / size,
    ...connectAndEnd(crowd),
    otherEntity: nanosOfCall(() => removeEntity(world, addEntity(world))),
  }
}

/** Sends each message back. */
export const echo: NetworkingHandler = (world, _self, asyncLoad) => {
  if (asyncLoad.type === NetworkType.data)
    sendPacket(world, asyncLoad.id, asyncLoad.buffer, asyncLoad.size)
}

/** Nanoseconds a message that each of `peers` sends and gets back within one tick. */
export function echoNanos(
  crowd: Crowd,
  peers: readonly SilentPeer[],
  bytes: number,
  samples: number,
): number {
  const { world, transport } = crowd
  const packet = packetsOf(1, bytes)
  let chunks: Uint8Array[] = []
  const prepare = (): void => {
    transport.writtenBytes = 0
    // The library owns the bytes that it receives.
    chunks = peers.map(() => packet.slice())
  }
  const run = (): void => {
    for (const [index, peer] of peers.entries()) peer.received(chunks[index]!)
    NetworkSystem(world)
  }
  const nanos = nanosOfRun(run, { prepare, samples })
  const expected = peers.length * (headerBytes + bytes)
  if (transport.writtenBytes !== expected)
    throw new Error(`expected ${expected} bytes back, got ${transport.writtenBytes}`)
  crowd.received.events = 0
  return nanos / peers.length
}

function broadcastNanos(crowd: Crowd): number {
  const { world, transport, sockets } = crowd
  const state = new Uint8Array(stateBytes)
  let sent = 0
  const run = (): void => {
    sent = sendPacket(world, clientsOf(crowd), state)
    flushNetwork(world)
  }
  transport.writtenBytes = 0
  nanosOfRun(run, { samples: 3 })
  const nanos = nanosOfRun(run)
  if (sent !== sockets.length) throw new Error(`the broadcast reached ${sent} of ${sockets.length}`)
  return nanos
}

/** One more connects and its entity is made; then the one that has been there longest goes. */
function connectAndEnd(crowd: Crowd): { connect: number; end: number } {
  const { world, peers } = crowd
  const join = (): void => {
    joinCrowd(crowd)
    NetworkSystem(world)
  }
  const leave = (): void => {
    peers.shift()?.ended(DisconnectReason.closed)
    NetworkSystem(world)
  }
  const end = nanosOfRun(leave, { prepare: join, samples: 60 })
  const connect = nanosOfRun(join, { prepare: leave, samples: 60 })
  expectClients(crowd)
  return { connect, end }
}

function expectClients(crowd: Crowd): void {
  const { length } = clientsOf(crowd)
  if (length !== crowd.peers.length)
    throw new Error(`expected ${crowd.peers.length} clients, got ${length}`)
  expectEvents(crowd, 0)
}
