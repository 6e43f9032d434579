// A server that a test stops and continues, in a process of its own: SIGSTOP is what a debugger or a laptop's lid does.

import { createWorld, type World } from 'bitecs'
import {
  createServer,
  DisconnectReason,
  getBufferBytes,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  sendUdp,
  setNetworkConfig,
  Socket,
  SocketType,
  startTicks,
} from 'bitecs-networking'
import { createInterface } from 'node:readline'
import { type NodeProgram } from '../lib/NodeProgram.ts'

/** The transports of the server, each with a port. */
export const names = ['TCP', 'WebSocket', 'UDP'] as const
export type Name = (typeof names)[number]

/** What has happened to the server. */
export interface ServerReport {
  readonly ports: Record<Name, number>
  readonly connects: Record<Name, number>
  /** The port and the reason of each peer that was lost. */
  readonly lost: Record<Name, [port: number, reason: number][]>
  /** How often each text has come, but for large ones. */
  readonly texts: Record<string, number>
}

const types = { TCP: SocketType.tcp, WebSocket: SocketType.ws, UDP: SocketType.udp } as const

/** Serves with default settings, sends back what comes, and reports when a line comes. */
export function serve(isReliable: boolean): void {
  const world = createWorld()
  const server = { TCP: 0, WebSocket: 0, UDP: 0 }
  const report: ServerReport = {
    ports: { ...server },
    connects: { ...server },
    lost: { TCP: [], WebSocket: [], UDP: [] },
    texts: {},
  }
  for (const name of names) {
    server[name] = createServer(world, types[name], 0)
    report.ports[name] = Socket(world).port[server[name]]!
    listen(world, name, server[name], report)
  }
  if (isReliable) setNetworkConfig(world, server.UDP, { reliable: 'ordered' })
  startTicks(() => NetworkSystem(world), { hz: 60 })
  createInterface(process.stdin).on('line', (line) =>
    console.log(`${line}${JSON.stringify(report)}end of ${line}`),
  )
}

function listen(world: World, name: Name, server: number, report: ServerReport): void {
  const { connects, lost, texts } = report
  onNetworking(world, server, (_world, _self, asyncLoad) => {
    if (asyncLoad.type === NetworkType.connect) connects[name]++
    else if (asyncLoad.type === NetworkType.disconnect) {
      const reason = Socket(world).disconnectReason[asyncLoad.socket] ?? DisconnectReason.none
      lost[name].push([asyncLoad.port, reason])
    } else if (asyncLoad.type === NetworkType.data && asyncLoad.size < 100) {
      const text = Buffer.from(getBufferBytes(asyncLoad.buffer)).toString()
      texts[text] = (texts[text] ?? 0) + 1
      const { id, ip, port, buffer, size } = asyncLoad
      if (name === 'UDP') sendUdp(world, id, ip, port, buffer, size)
      else sendPacket(world, id, buffer, size)
    }
  })
}

let asked = 0

/** Asks a server for its report. */
export async function reportOf(program: NodeProgram): Promise<ServerReport> {
  const line = `report ${++asked} `
  program.type(line)
  await program.says(`end of ${line}`)
  const start = program.output.indexOf(line) + line.length
  return JSON.parse(
    program.output.slice(start, program.output.indexOf(`end of ${line}`)),
  ) as ServerReport
}
