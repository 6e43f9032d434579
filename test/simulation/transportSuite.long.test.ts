// The transport suite over a network in memory.

import { createWorld } from 'bitecs'
import { type DatagramTransport, SocketType, type Transport } from 'bitecs-networking'
import { type ConditionsChoice, createMemoryNetwork } from 'bitecs-networking/simulation'
import { type TransportSubject } from 'bitecs-networking/testing'
import { networkOf } from '../../src/network/networkOf.ts'
import { playSuite } from '../lib/playSuite.ts'
import { mulberry32 } from '../lib/random.ts'

/** The transport of one type that a world has which joined a network with these conditions. */
function transportOf(
  type: SocketType,
  conditions: ConditionsChoice,
): Transport | DatagramTransport {
  const network = createMemoryNetwork({ conditions, random: mulberry32(1) })
  const world = createWorld()
  network.join(world)
  return networkOf('test', world).transports.get(type)!
}

const { tcp, ws, wss, udp } = SocketType
const bad: ConditionsChoice = {
  latencyMs: 3,
  jitterMs: 2,
  loss: 0.01,
  corrupt: 0.01,
  sliceBytes: 1_000,
  bytesPerSecond: 100_000_000,
}
/** Without corruption: UDP has a checksum of its own, and what has none of ours is a plain datagram. */
const badForDatagrams: ConditionsChoice = { ...bad, corrupt: 0, duplicate: 0.05, reorder: 0.1 }
const patienceMs = 30_000

const subjects: readonly TransportSubject[] = [
  { name: 'TCP', transport: transportOf(tcp, {}) },
  { name: 'WebSocket', transport: transportOf(ws, {}) },
  { name: 'secure WebSocket', transport: transportOf(wss, {}) },
  { name: 'UDP', transport: transportOf(udp, {}) },
  { name: 'TCP on a bad line', transport: transportOf(tcp, bad), patienceMs },
  { name: 'WebSocket on a bad line', transport: transportOf(ws, bad), patienceMs },
  {
    name: 'reliable UDP on a bad line',
    transport: transportOf(udp, badForDatagrams),
    reliable: true,
    patienceMs,
  },
  {
    name: 'ordered UDP on a bad line',
    transport: transportOf(udp, badForDatagrams),
    reliable: 'ordered',
    patienceMs,
  },
]

playSuite('the transport suite in memory', subjects, 120_000)
