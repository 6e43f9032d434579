// The transport suite over real sockets behind a bad line, on both sides.

import { createMemoryDatagrams, createMemoryTransport, SocketType } from 'bitecs-networking'
import { type LineChoice, withConditions } from 'bitecs-networking/simulation'
import { type TransportSubject } from 'bitecs-networking/testing'
import { tcp as tcpTransport } from '../../src/transport/node/tcp.ts'
import { authority, localCertificate } from '../lib/certificates.ts'
import { playSuite } from '../lib/playSuite.ts'
import { mulberry32 } from '../lib/random.ts'

const { tcp, ws, wss, udp } = SocketType
const bad: LineChoice = {
  latencyMs: 2,
  jitterMs: 1,
  loss: 0.002,
  corrupt: 0.002,
  sliceBytes: 10_000,
  bytesPerSecond: 100_000_000,
}
/** Without corruption, which only a checksum would notice, and duplicates: none of these says that a datagram may come twice. */
const loose: LineChoice = {
  out: { latencyMs: 2, jitterMs: 1, loss: 0.01, reorder: 0.1 },
  in: { latencyMs: 1 },
}
/** Reliable UDP sorts those out. */
const looser: LineChoice = { latencyMs: 1, jitterMs: 1, loss: 0.005, duplicate: 0.05, reorder: 0.1 }
const patienceMs = 60_000
const options = { random: mulberry32(1) }

const subjects: readonly TransportSubject[] = [
  { name: 'TCP, perfect', transport: withConditions(tcpTransport, 'perfect', options), patienceMs },
  { name: 'WebSocket, perfect', transport: withConditions(ws, 'perfect', options), patienceMs },
  { name: 'UDP, perfect', transport: withConditions(udp, 'perfect', options), patienceMs },
  { name: 'TCP', transport: withConditions(tcp, bad, options), patienceMs },
  { name: 'WebSocket', transport: withConditions(ws, bad, options), patienceMs },
  {
    name: 'secure WebSocket',
    transport: withConditions(wss, bad, options),
    host: 'wss://localhost/suite',
    server: { certificate: localCertificate, path: '/suite', protocol: 'game' },
    connect: { ca: authority, protocol: 'game' },
    patienceMs,
  },
  {
    name: 'memory, messages without framing',
    transport: withConditions(createMemoryTransport({ boundaries: 'message' }), bad, options),
    patienceMs,
  },
  {
    name: 'memory datagrams',
    transport: withConditions(createMemoryDatagrams(), loose, options),
    patienceMs,
  },
  { name: 'UDP', transport: withConditions(udp, loose, options), patienceMs },
  {
    name: 'reliable UDP',
    transport: withConditions(udp, looser, options),
    reliable: true,
    patienceMs,
  },
  {
    name: 'ordered UDP',
    transport: withConditions(udp, looser, options),
    reliable: 'ordered',
    patienceMs,
  },
]

playSuite('the transport suite behind a bad line', subjects, 120_000)
