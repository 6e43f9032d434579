// A toy game with a bug: clients place orders over TCP, keep them until they are acknowledged, and connect again when a line
// says nothing. What is ordered while they connect again is never sent.

import { hasComponent } from 'bitecs'
import {
  connectSocket,
  createServer,
  createSocket,
  destroySocket,
  Disconnected,
  NetworkSystem,
  NetworkType,
  onNetworking,
  readText,
  sendPacket,
  setNetworkConfig,
  SocketType,
} from 'bitecs-networking'
import { type SimulatedGame } from 'bitecs-networking/simulation'
import * as assert from 'uvu/assert'

const port = 6510
/** A client waits so long for the oldest acknowledgement. */
const silenceMs = 2_000
const connectTimeoutMs = 3_000
const retryMs = 500
const ticksPerOrder = 45

/** What a server of orders knows. */
export interface OrderServer {
  /** Orders that came in, all clients together. */
  readonly received: number
  /** An order that came in before the one before it; empty while there is none. */
  readonly gap: string
}

/** Acknowledges orders, `name number`, and notes one that is missing. What comes again it has already. */
export function startOrderServer({ world }: SimulatedGame): OrderServer {
  const state = { received: 0, gap: '' }
  const last = new Map<string, number>()
  const server = createServer(world, SocketType.tcp, port)
  assert.ok(server >= 0, `createServer: ${server}`)
  onNetworking(world, server, (_world, _self, asyncLoad) => {
    if (asyncLoad.type !== NetworkType.data) return
    const text = readText(asyncLoad.buffer)
    const [, name = '', number] = /^(.*) (\d+)$/.exec(text) ?? []
    const expected = (last.get(name) ?? 0) + 1
    if (Number(number) > expected) state.gap ||= `${name}: ${number} came before ${expected}`
    if (Number(number) === expected) {
      last.set(name, expected)
      state.received++
    }
    sendPacket(world, asyncLoad.id, number ?? '')
  })
  return state
}

interface Order {
  readonly number: number
  readonly atMs: number
}

/** Places an order every so often. */
export function startOrderClient(game: SimulatedGame, hasBug: boolean): (tick: number) => void {
  const { world, clock, name, starts } = game
  setNetworkConfig(world, { connectTimeoutMs })
  let socket = createSocket(world, SocketType.tcp)
  let unacknowledged: readonly Order[] = []
  let lastNumber = 0
  let line: 'down' | 'connecting' | 'up' = 'down'
  let retryAtMs = 0
  let hasPlayed = false

  const send = ({ number }: Order): void =>
    void sendPacket(world, socket, `${name}/${starts} ${number}`)

  async function connect(): Promise<void> {
    line = 'connecting'
    const before = unacknowledged
    onNetworking(world, socket, (_world, _self, asyncLoad) => {
      if (asyncLoad.type !== NetworkType.data) return
      const acknowledged = Number(readText(asyncLoad.buffer))
      unacknowledged = unacknowledged.filter(({ number }) => number > acknowledged)
    })
    const result = await connectSocket(world, socket, '127.0.0.1', port)
    if (result < 0) hangUp()
    else {
      line = 'up'
      hasPlayed = true
      // The bug: what was ordered since the connect began is in the other list.
      for (const order of hasBug ? before : unacknowledged) send(order)
    }
  }

  function hangUp(): void {
    destroySocket(world, socket)
    socket = createSocket(world, SocketType.tcp)
    line = 'down'
    retryAtMs = clock.now() + retryMs
  }

  return (tick) => {
    NetworkSystem(world)
    const nowMs = clock.now()
    if (hasPlayed && tick % ticksPerOrder === 0) {
      const order = { number: ++lastNumber, atMs: nowMs }
      unacknowledged = [...unacknowledged, order]
      if (line === 'up') send(order)
    }
    const oldestMs = unacknowledged[0]?.atMs ?? nowMs
    if (
      line === 'up' &&
      (hasComponent(world, socket, Disconnected) || nowMs - oldestMs > silenceMs)
    )
      hangUp()
    if (line === 'down' && nowMs >= retryAtMs) void connect()
  }
}
