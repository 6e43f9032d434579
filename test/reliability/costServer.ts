// A server that measures what its peers cost it.

import { createWorld, query, type World } from 'bitecs'
import {
  Connected,
  createServer,
  NetworkSystem,
  sendPacket,
  setNetworkConfig,
  Socket,
  SocketType,
  startTicks,
} from 'bitecs-networking'
import { localCertificate } from '../lib/certificates.ts'
import { answerLines, measure, type Measured } from './AskedProgram.ts'

type CostLine = 'TCP' | 'WebSocket' | 'secure WebSocket' | 'UDP'

const types: Readonly<Record<CostLine, SocketType>> = {
  TCP: SocketType.tcp,
  WebSocket: SocketType.ws,
  'secure WebSocket': SocketType.wss,
  UDP: SocketType.udp,
}

/** What the server says of itself. */
export interface CostReport extends Measured {
  readonly ports: Readonly<Record<CostLine, number>>
  readonly connected: number
  /** Bytes that have come, over everything. */
  readonly bytesIn: number
}

const largeBytes = 65_536
/** Unfinished handshakes are still there when they are measured. */
const measureMs = 120_000

/** Serves with default settings, but for the time limit of handshakes. */
export function serveCosts(): void {
  const world: World = createWorld()
  setNetworkConfig(world, { warn() {}, handshakeTimeoutMs: measureMs })
  const ports = {} as Record<CostLine, number>
  for (const name of Object.keys(types) as CostLine[]) {
    const certificate = name === 'secure WebSocket' ? { certificate: localCertificate } : {}
    const server = createServer(world, types[name], 0, certificate)
    ports[name] = Socket(world).port[server]!
    if (name === 'UDP') setNetworkConfig(world, server, { reliable: 'ordered' })
  }
  let isTicking = true
  startTicks(() => (isTicking ? NetworkSystem(world) : undefined), { hz: 60, warn() {} })
  const clients = (): number[] => [...query(world, [Socket, Connected])]
  const bytesIn = (): number =>
    [...query(world, [Socket])].reduce((sum, each) => sum + Socket(world).bytesIn[each]!, 0)
  answerLines({
    report: async (): Promise<CostReport> => {
      const measured = await measure()
      return { ...measured, ports, connected: clients().length, bytesIn: bytesIn() }
    },
    stopTicks: () => (isTicking = false),
    // Sends to each client until nothing more is taken.
    fill: () => {
      const bytes = new Uint8Array(largeBytes)
      for (const client of clients()) while (sendPacket(world, client, bytes) > 0);
    },
  })
}
