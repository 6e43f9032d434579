// Datagrams between two worlds of this process.
import { addEntity, createWorld, type EntityId } from 'bitecs'
import {
  BufferType,
  createServer,
  createSocket,
  NetworkSystem,
  NetworkType,
  onNetworking,
  readBuffer,
  sendUdp,
  Socket,
} from 'bitecs-networking'
import { type Medium } from '../Medium.ts'
import { cpuOf, expectCount, type Run } from './Run.ts'

const inputBytes = 16
const stateBytes = 64
const clients = 200

/** A game's tick: one input of each client, and one state for each. */
export function createDatagramRun(medium: Medium): Run {
  const [world, clientWorld] = [createWorld(), createWorld()]
  for (const each of [world, clientWorld]) medium.join(each)
  const server = createServer(world, medium.datagrams, 0)
  const port = Socket(world).port[server] ?? 0
  const received = { inputs: 0, states: 0, sum: 0 }
  const ports = new Set<number>()
  onNetworking(world, server, (_world, _self, asyncLoad) => {
    if (asyncLoad.type !== NetworkType.data) return
    received.inputs++
    received.sum += readBuffer(asyncLoad.buffer, BufferType.u32)
    ports.add(asyncLoad.port)
  })
  const sockets: EntityId[] = []
  for (let client = 0; client < clients; client++)
    sockets.push(createSocket(clientWorld, medium.datagrams))
  onNetworking(clientWorld, addEntity(clientWorld), (_world, _self, asyncLoad) => {
    if (asyncLoad.type === NetworkType.data) received.states++
  })
  const input = new Uint8Array(inputBytes)
  const state = new Uint8Array(stateBytes)
  const tick = (): void => {
    for (const socket of sockets) sendUdp(clientWorld, socket, medium.host, port, input)
    NetworkSystem(world)
    for (const each of ports) sendUdp(world, server, medium.host, each, state)
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
