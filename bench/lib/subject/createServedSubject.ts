// A server under test, which ticks only while it is measured.
import { createWorld } from 'bitecs'
import {
  createServer,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  sendRaw,
  sendUdp,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { type SubjectCost } from '../compare/SubjectOrder.ts'
import { type ServerName } from '../compare/workloadList.ts'
import { cpuMicros } from './Run.ts'

const tickMs = 1

const types = {
  tcp: SocketType.tcp,
  ws: SocketType.ws,
  'ws-packets': SocketType.ws,
  udp: SocketType.udp,
} as const

/** Echoes what arrives; counts messages and, of clients that send none, their ends. */
export interface ServedSubject {
  readonly port: number
  begin(): void
  end(): SubjectCost
}

/** Begins to listen. */
export function createServedSubject(name: ServerName): ServedSubject {
  const world = createWorld()
  const raw = name === 'ws'
  const server = createServer(world, types[name], 0, { raw })
  const port = Socket(world).port[server] ?? 0
  if (server < 0 || port === 0) throw new Error(`createServer returned ${server}`)
  let messages = 0
  let before = 0
  let timer: NodeJS.Timeout | undefined

  onNetworking(world, server, (_world, _self, asyncLoad) => {
    if (asyncLoad.type === NetworkType.disconnect) messages++
    if (asyncLoad.type !== NetworkType.data) return
    messages++
    const { id, ip, port, buffer, size } = asyncLoad
    if (name === 'udp') sendUdp(world, server, ip, port, buffer, size)
    // All of a received buffer is the message.
    else if (raw) sendRaw(world, id, buffer)
    else sendPacket(world, id, buffer, size)
  })

  /**
   * Sleeps between ticks. A loop without a pause would have the CPU time of the whole round, whatever a message costs.
   */
  function tick(): void {
    timer = setTimeout(tick, tickMs)
    NetworkSystem(world)
  }

  return {
    port,
    begin() {
      messages = 0
      before = cpuMicros()
      tick()
    },
    end() {
      NetworkSystem(world)
      clearTimeout(timer)
      const spent = cpuMicros() - before
      return { cpuMicros: spent, allMicros: spent, messages }
    },
  }
}
