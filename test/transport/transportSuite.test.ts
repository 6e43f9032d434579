import {
  createMemoryDatagrams,
  createMemoryTransport,
  type DatagramTransport,
  SocketType,
} from 'bitecs-networking'
import { type TransportSubject } from 'bitecs-networking/testing'
import { createPortTransport } from '../../demos/ownTransport/createPortTransport.ts'
import { authority, localCertificate } from '../lib/certificates.ts'
import { playSuite } from '../lib/playSuite.ts'
import { mulberry32 } from '../lib/random.ts'
import { flawed, framed } from './flaws/flawed.ts'

/** A network that loses, repeats and swaps datagrams. */
function createBadDatagrams(): DatagramTransport {
  const random = mulberry32(6)
  let held: (() => void) | undefined
  return createMemoryDatagrams({
    deliver(_datagram, send) {
      const chance = random()
      if (chance < 0.1) return
      if (chance < 0.15) send()
      if (chance < 0.25 && held === undefined) {
        held = send
        return
      }
      send()
      held?.()
      held = undefined
    },
  })
}

const { tcp, udp, ws, wss } = SocketType
const messages = createMemoryTransport({ boundaries: 'message' })

const subjects: readonly TransportSubject[] = [
  { name: 'memory', transport: createMemoryTransport() },
  { name: 'memory, messages, by name', transport: messages, host: 'any.name' },
  { name: 'memory, framed', transport: flawed(messages, { does: framed({}) }) },
  { name: 'memory datagrams', transport: createMemoryDatagrams() },
  { name: 'reliable UDP over a bad network', transport: createBadDatagrams(), reliable: true },
  { name: 'ordered UDP over a bad network', transport: createBadDatagrams(), reliable: 'ordered' },
  { name: 'message ports', transport: createPortTransport() },
  { name: 'TCP', transport: tcp },
  { name: 'TCP by name', transport: tcp, host: 'localhost' },
  { name: 'UDP', transport: udp },
  { name: 'reliable UDP', transport: udp, reliable: true, patienceMs: 60_000 },
  { name: 'reliable ordered UDP', transport: udp, reliable: 'ordered', patienceMs: 60_000 },
  { name: 'WebSocket', transport: ws },
  {
    name: 'secure WebSocket by URL',
    transport: wss,
    host: 'wss://localhost/suite',
    server: { certificate: localCertificate, path: '/suite', protocol: 'game' },
    connect: { ca: authority, protocol: 'game' },
  },
]

playSuite('the transport suite is passed by', subjects, 100_000)
