// Events between two worlds of this process.
import { addEntity, createWorld, type EntityId, query } from 'bitecs'
import {
  AcceptedBy,
  BufferType,
  connectSocket,
  createServer,
  createSocket,
  destroySocket,
  flushNetwork,
  NetworkSystem,
  NetworkType,
  onNetworking,
  readBuffer,
  sendPacket,
  Socket,
} from 'bitecs-networking'
import { joinWorlds } from '../joinWorlds.ts'
import { createMemoryMedium, type Medium } from '../Medium.ts'
import { cpuMicros, cpuOf, expectCount, type Run } from './Run.ts'

const inputBytes = 16
const stateBytes = 64
const clients = 200
const visitors = 20

/** Packets sent in one tick and read in the next. Only the receiver's tick counts, or all of it. */
export async function createEventRun(
  perTick: number,
  payloadBytes: number,
  counts: 'tick' | 'whole',
  medium?: Medium,
): Promise<Run> {
  const { senderWorld, socket, receiverWorld, received } = await joinWorlds(medium)
  const payload = new Uint8Array(payloadBytes)
  const send = (): void => {
    for (let index = 0; index < perTick; index++) sendPacket(senderWorld, socket, payload)
    flushNetwork(senderWorld)
  }
  const tick = (): void => void NetworkSystem(receiverWorld)
  return (units) => {
    received.events = 0
    let spent = 0
    const started = cpuMicros()
    for (let unit = 0; unit < units; unit++) {
      send()
      if (counts === 'tick') spent += cpuOf(tick)
      else tick()
    }
    expectCount('events', received.events, units * perTick)
    return counts === 'tick' ? spent : cpuMicros() - started
  }
}

/** A game's tick: one input of each client, and one state for all. */
export async function createTickRun(medium: Medium = createMemoryMedium()): Promise<Run> {
  const [world, clientWorld] = [createWorld(), createWorld()]
  for (const each of [world, clientWorld]) medium.join(each)
  const server = createServer(world, medium.stream, 0)
  const received = { inputs: 0, states: 0, sum: 0 }
  onNetworking(world, server, (_world, _self, asyncLoad) => {
    if (asyncLoad.type !== NetworkType.data) return
    received.inputs++
    received.sum += readBuffer(asyncLoad.buffer, BufferType.u32)
  })
  const sockets: EntityId[] = []
  for (let client = 0; client < clients; client++) {
    const socket = createSocket(clientWorld, medium.stream)
    sockets.push(socket)
    await connectSocket(clientWorld, socket, medium.host, Socket(world).port[server] ?? 0)
  }
  onNetworking(clientWorld, addEntity(clientWorld), (_world, _self, asyncLoad) => {
    if (asyncLoad.type === NetworkType.data) received.states++
  })
  const input = new Uint8Array(inputBytes)
  const state = new Uint8Array(stateBytes)
  const tick = (): void => {
    for (const socket of sockets) sendPacket(clientWorld, socket, input)
    flushNetwork(clientWorld)
    NetworkSystem(world)
    sendPacket(world, query(world, [Socket, AcceptedBy(server)]), state)
    flushNetwork(world)
    NetworkSystem(clientWorld)
  }
  return (units) => {
    received.inputs = received.states = 0
    const spent = cpuOf(() => {
      for (let unit = 0; unit < units; unit++) tick()
    })
    expectCount('inputs', received.inputs, units * clients)
    expectCount('states', received.states, units * clients)
    return spent
  }
}

/** Some clients connect, and leave again. */
export function createChurnRun(medium: Medium = createMemoryMedium()): Run {
  const [world, clientWorld] = [createWorld(), createWorld()]
  for (const each of [world, clientWorld]) medium.join(each)
  const server = createServer(world, medium.stream, 0)
  const port = Socket(world).port[server] ?? 0
  const seen = { connects: 0, disconnects: 0 }
  onNetworking(world, server, (_world, _self, { type }) => {
    if (type === NetworkType.connect) seen.connects++
    if (type === NetworkType.disconnect) seen.disconnects++
  })
  return async (units) => {
    seen.connects = seen.disconnects = 0
    const started = cpuMicros()
    for (let unit = 0; unit < units; unit++) {
      const connecting: Promise<number>[] = []
      for (let visitor = 0; visitor < visitors; visitor++)
        connecting.push(
          connectSocket(clientWorld, createSocket(clientWorld, medium.stream), medium.host, port),
        )
      const sockets = await Promise.all(connecting)
      NetworkSystem(world)
      for (const socket of sockets) destroySocket(clientWorld, socket)
      NetworkSystem(world)
    }
    const spent = cpuMicros() - started
    expectCount('connects', seen.connects, units * visitors)
    expectCount('disconnects', seen.disconnects, units * visitors)
    return spent
  }
}
