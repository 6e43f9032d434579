// Many sockets in this process, over the transport that does nothing.
import { addComponent, addEntity, type EntityId, query } from 'bitecs'
import * as library from 'bitecs-networking'
import {
  flushNetwork,
  NetworkEvent,
  type NetworkingHandler,
  NetworkReceiveSystem,
  NetworkSystem,
  NetworkType,
  onNetworking,
  readBuffer,
  BufferType,
  sendPacket,
} from 'bitecs-networking'
import { clientsOf, createCrowd, packetsOf } from '../createCrowd.ts'
import { headerBytes } from '../gameMaker.ts'
import { cpuOf, expectCount, type Run } from './Run.ts'

const stateBytes = 64
const inputBytes = 32
const ticksPerUnit = 1_000

/** What revisions without the option `from` of `onNetworking` have in its place. */
const { SubscribedTo } = library as { SubscribedTo?: (socket: EntityId) => object }

/** One message to all. */
export function createBroadcastRun(sockets: number): Run {
  const crowd = createCrowd(sockets)
  const { world, transport } = crowd
  const state = new Uint8Array(stateBytes)
  return (units) => {
    transport.writtenBytes = 0
    const spent = cpuOf(() => {
      for (let unit = 0; unit < units; unit++) {
        sendPacket(world, clientsOf(crowd), state)
        flushNetwork(world)
      }
    })
    expectCount('bytes', transport.writtenBytes, units * sockets * (stateBytes + headerBytes))
    return spent
  }
}

/** Ticks in which nothing happens. */
export function createIdleRun(sockets: number): Run {
  const { world } = createCrowd(sockets)
  return (units) =>
    cpuOf(() => {
      for (let tick = 0; tick < units * ticksPerUnit; tick++) NetworkSystem(world)
    })
}

/** A subscriber for each socket, and a message of each socket in each tick. */
export function createSubscriberRun(subscribers: number): Run {
  const { world, sockets, peers } = createCrowd(subscribers)
  let events = 0
  for (const socket of sockets) {
    const subscriber = addEntity(world)
    if (SubscribedTo !== undefined) addComponent(world, subscriber, SubscribedTo(socket))
    const count: NetworkingHandler = (_world, _self, { type }) => {
      if (type === NetworkType.data) events++
    }
    onNetworking(world, subscriber, count, { from: socket })
  }
  const packet = packetsOf(1, inputBytes)
  return (units) => {
    events = 0
    let spent = 0
    for (let unit = 0; unit < units; unit++) {
      // The library owns the bytes that it receives.
      const chunks = peers.map(() => packet.slice())
      spent += cpuOf(() => {
        for (const [index, peer] of peers.entries()) peer.received(chunks[index]!)
        NetworkSystem(world)
      })
    }
    expectCount('events', events, units * subscribers)
    return spent
  }
}

/** Events that are read between the two systems, by query, and none of them by a subscriber. */
export function createReceiveRun(sockets: number, perSocket: number): Run {
  const { world, peers } = createCrowd(sockets)
  const packets = packetsOf(perSocket, inputBytes)
  let events = 0
  let sum = 0
  const tick = (chunks: readonly Uint8Array[]): void => {
    for (const [index, peer] of peers.entries()) peer.received(chunks[index]!)
    NetworkReceiveSystem(world)
    const store = NetworkEvent(world).events
    for (const socket of query(world, [NetworkEvent]))
      for (const asyncLoad of store[socket] ?? []) {
        if (asyncLoad.type !== NetworkType.data) continue
        events++
        sum += readBuffer(asyncLoad.buffer, BufferType.u32)
      }
    NetworkSystem(world)
  }
  return (units) => {
    events = 0
    let spent = 0
    for (let unit = 0; unit < units; unit++) {
      const chunks = peers.map(() => packets.slice())
      spent += cpuOf(() => tick(chunks))
    }
    expectCount('events', events, units * sockets * perSocket)
    expectCount('as sum', sum, 0)
    return spent
  }
}
