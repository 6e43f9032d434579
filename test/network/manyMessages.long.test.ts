// No limit of a connection bites in a long game: many messages on one connection, and twelve hours of silence and talk.

import { type EntityId, hasComponent, type World } from 'bitecs'
import {
  Connected,
  connectSocket,
  createMemoryTransport,
  createServer,
  createSocket,
  createVirtualClock,
  getBufferBytes,
  NetworkError,
  NetworkSystem,
  NetworkType,
  sendPacket,
  sendUdp,
  setNetworkConfig,
  SocketType,
  type TransportChoice,
} from 'bitecs-networking'
import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import { answer } from '../lib/gameMaker.ts'
import { onEach, recordEvents } from '../lib/recordEvents.ts'
import { amountOf, figure } from '../lib/row.ts'
import { clientsOf, portOf } from '../lib/sockets.ts'
import { type TestNet } from '../lib/TestNet.ts'
import { until } from '../lib/until.ts'
import { withNet } from '../lib/withNet.ts'
import { spec } from '../spec.ts'

/** Messages over each transport. */
const messages = amountOf({ test: 20_000, ci: 200_000, soak: 10_000_000 })
const limitMs = 60_000 + messages / 10
const hours = 12
const stepMs = 100
const stepsPerMinute = 60_000 / stepMs

/** One end that sends numbers to another. */
interface Flow {
  readonly far: World
  readonly near: World
  readonly socket: EntityId
  readonly send: (bytes: Uint8Array) => number
}

/** Sends numbers as fast as they are taken; all arrive, in their order. `inFlight` limits what is under way. */
async function flood(name: string, { far, near, send }: Flow, inFlight = Infinity): Promise<void> {
  let sent = 0
  let heard = 0
  const others: number[] = []
  onEach(near, ({ type }) => others.push(type))
  onEach(far, (asyncLoad) => {
    if (asyncLoad.type !== NetworkType.data) others.push(asyncLoad.type)
    else if (numberIn(getBufferBytes(asyncLoad.buffer)) === heard) heard++
    else others.push(-1)
  })
  const bytes = Buffer.alloc(8)
  const started = performance.now()
  await until(
    () => heard === messages || others.length > 0,
    () => {
      for (let count = 0; count < 4_096 && sent < messages && sent - heard < inFlight; count++) {
        bytes.writeDoubleLE(sent)
        const result = send(bytes)
        if (result === NetworkError.sendQueueFull) break
        assert.ok(result > 0, `${result}`)
        sent++
      }
      NetworkSystem(near)
      NetworkSystem(far)
    },
    limitMs,
  )
  assert.equal(others, [])
  assert.is(sent, messages)
  const seconds = (performance.now() - started) / 1_000
  figure('R-18', `${name}, ${messages} messages in ${seconds.toFixed(0)} s, none lost`)
}

function numberIn(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getFloat64(0, true)
}

async function overConnection(
  net: TestNet,
  name: string,
  transport: TransportChoice,
  host = '127.0.0.1',
): Promise<void> {
  const far = net.world()
  const near = net.world()
  const server = createServer(far, transport, 0)
  const socket = createSocket(near, transport)
  let result: number | undefined
  void connectSocket(near, socket, host, portOf(far, server)).then((it) => (result = it))
  await until(() => result !== undefined, [far, near])
  // The connect event.
  NetworkSystem(far)
  await flood(name, { far, near, socket, send: (bytes) => sendPacket(near, socket, bytes) })
  assert.ok(hasComponent(near, socket, Connected))
}

async function overUdp(net: TestNet, name: string, isReliable: boolean): Promise<void> {
  const far = net.world()
  const near = net.world()
  const server = createServer(far, SocketType.udp, 0)
  const socket = createSocket(near, SocketType.udp)
  const reliable = isReliable ? 'ordered' : false
  setNetworkConfig(far, server, { reliable })
  setNetworkConfig(near, socket, { reliable })
  const port = portOf(far, server)
  const send = (bytes: Uint8Array): number => sendUdp(near, socket, '127.0.0.1', port, bytes)
  // Of plain datagrams a tick takes 64 of one sender, and nothing makes the sender wait.
  await flood(name, { far, near, socket, send }, isReliable ? Infinity : 64)
}

spec(
  'many messages on one connection',
  (it) => {
    it(
      `TCP: ${messages}`,
      withNet((net) => overConnection(net, 'TCP', SocketType.tcp)),
    )
    it(
      `WebSocket: ${messages}`,
      withNet((net) => overConnection(net, 'WebSocket', SocketType.ws)),
    )
    it(
      `memory: ${messages}`,
      withNet((net) => overConnection(net, 'memory', createMemoryTransport(), 'memory')),
    )
    it(
      `reliable UDP: ${messages}`,
      withNet((net) => overUdp(net, 'reliable UDP', true)),
    )
    it(
      `UDP: ${messages}`,
      withNet((net) => overUdp(net, 'UDP', false)),
    )
  },
  limitMs,
)

/** The event loop really turns. */
function setTurn(run: () => void): () => void {
  const immediate = setImmediate(run)
  return () => clearImmediate(immediate)
}

/** Sockets in one world with servers in another, and a bare WebSocket that counts the questions it gets. */
async function openAll(net: TestNet) {
  const clock = createVirtualClock()
  const config = { clock: { ...clock, setTurn } }
  const far = net.world(config)
  const near = net.world(config)
  const memory = createMemoryTransport()
  const sends: (() => number)[] = []
  for (const type of [SocketType.tcp, SocketType.ws, memory]) {
    const server = createServer(far, type, 0)
    const socket = createSocket(near, type)
    const host = type === memory ? 'memory' : '127.0.0.1'
    let result: number | undefined
    void connectSocket(near, socket, host, portOf(far, server)).then((it) => (result = it))
    await until(() => result !== undefined, [far, near])
    assert.is(result, socket)
    sends.push(() => sendPacket(near, socket, Uint8Array.of(1)))
  }
  const server = createServer(far, SocketType.udp, 0)
  const udp = createSocket(near, SocketType.udp)
  for (const [world, socket] of [
    [far, server],
    [near, udp],
  ] as const)
    setNetworkConfig(world, socket, { reliable: true })
  const port = portOf(far, server)
  sends.push(() => sendUdp(near, udp, '127.0.0.1', port, Uint8Array.of(1)))
  return { clock, far, near, sends, bare: await openBare(far) }
}

async function openBare(far: World) {
  const server = createServer(far, SocketType.ws, 0)
  const socket = new WebSocket(`ws://127.0.0.1:${portOf(far, server)}`)
  const bare = { socket, pings: 0, isClosed: false }
  await once(socket, 'open')
  socket.on('ping', () => bare.pings++)
  socket.on('close', () => (bare.isClosed = true))
  socket.send(Buffer.from(answer, 'hex'))
  await until(() => clientsOf(far, server).length === 1, [far])
  return bare
}

spec(
  'a long game',
  (it) => {
    it(
      `${hours} h: nobody is lost, and who is silent is asked`,
      withNet(async (net) => {
        const { clock, far, near, sends, bare } = await openAll(net)
        NetworkSystem(far)
        const [farEvents, nearEvents] = [recordEvents(far), recordEvents(near)]
        let heard = 0
        const started = performance.now()
        for (let minute = 0; minute < hours * 60; minute++) {
          // Every tenth minute they talk; in between they are silent.
          if (minute % 10 === 0) {
            for (const send of sends) assert.ok(send() > 0)
            heard += sends.length
          }
          for (let step = 0; step < stepsPerMinute; step++) {
            clock.advance(stepMs)
            NetworkSystem(far)
            NetworkSystem(near)
            await turn()
          }
        }
        await until(() => farEvents.length >= heard, [far, near])
        assert.ok(farEvents.every(({ type }) => type === NetworkType.data))
        assert.is(farEvents.length, heard)
        assert.equal(nearEvents, [])
        assert.not(bare.isClosed)
        const perHour = bare.pings / hours
        const seconds = (performance.now() - started) / 1_000
        console.log(`${hours} h in ${seconds.toFixed(1)} s, ${bare.pings} pings`)
        assert.ok(perHour > 300 && perHour < 360, `${perHour} an hour`)
        bare.socket.terminate()
      }),
    )
  },
  240_000,
)
