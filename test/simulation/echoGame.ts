// A server that answers, and clients that ask.

import {
  connectSocket,
  createServer,
  createSocket,
  NetworkSystem,
  NetworkType,
  onNetworking,
  readText,
  sendPacket,
  SocketType,
} from 'bitecs-networking'
import {
  type SimulatedGame,
  type SimulateOptions,
  SimulationError,
} from 'bitecs-networking/simulation'
import * as assert from 'uvu/assert'

export const port = 6510

/** Answers each message with itself. */
export function startEcho({ world }: SimulatedGame): { readonly heard: string[] } {
  const heard: string[] = []
  const server = createServer(world, SocketType.tcp, port)
  assert.ok(server >= 0, `createServer: ${server}`)
  onNetworking(world, server, (_world, _self, asyncLoad) => {
    if (asyncLoad.type !== NetworkType.data) return
    heard.push(readText(asyncLoad.buffer))
    sendPacket(world, asyncLoad.id, asyncLoad.buffer, asyncLoad.size)
  })
  return { heard }
}

export interface Asker {
  readonly answers: string[]
  readonly step: (tick: number) => void
}

/** Connects, then asks something new every ten ticks. */
export async function startAsker({ world, name, random }: SimulatedGame): Promise<Asker> {
  const socket = createSocket(world, SocketType.tcp)
  const answers: string[] = []
  onNetworking(world, socket, (_world, _self, asyncLoad) => {
    if (asyncLoad.type === NetworkType.data) answers.push(readText(asyncLoad.buffer))
  })
  const result = await connectSocket(world, socket, '127.0.0.1', port)
  assert.ok(result >= 0, `connectSocket: ${result}`)
  return {
    answers,
    step(tick) {
      if (tick % 10 === 0) sendPacket(world, socket, `${name}: ${random()}`)
      NetworkSystem(world)
    },
  }
}

/** A bad line. */
const line = { latencyMs: 50, jitterMs: 5, loss: 0.05 } as const

/** A run of three clients that ask a server that answers. */
export function echo(
  changes: Partial<SimulateOptions<{ heard: string[] }, Asker>> = {},
): SimulateOptions<{ heard: string[] }, Asker> {
  return {
    seed: 7,
    ticks: 300,
    conditions: line,
    server: startEcho,
    clients: { count: 3, start: startAsker },
    ...changes,
  }
}

/** The error of a run that must fail. */
export async function errorOf(run: Promise<unknown>): Promise<SimulationError> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof SimulationError) return error
  throw error ?? new Error('the run has not failed')
}
