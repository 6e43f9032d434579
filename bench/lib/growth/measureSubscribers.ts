// What subscribers cost that are narrowed to one socket each.
import { addEntity, removeEntity } from 'bitecs'
import { NetworkSystem, onNetworking } from 'bitecs-networking'
import { createCrowd, packetsOf } from '../createCrowd.ts'
import { nanosOfCall, nanosOfRun } from './timing.ts'

const eventsPerTick = 100
const payloadBytes = 32

/** Nanoseconds, for one number of subscribers. */
export interface SubscriberCosts {
  /** An event that one of the subscribers hears. */
  event: number
  /** Making and removing an entity that is neither socket nor subscriber. */
  otherEntity: number
}

/** Measures with so many sockets, and one subscriber for each. */
export function measureSubscribers(count: number): SubscriberCosts {
  const crowd = createCrowd(count)
  const { world, sockets, peers } = crowd
  let events = 0
  for (const socket of sockets) {
    const count = (): void => {
      events++
    }
    onNetworking(world, addEntity(world), count, { from: socket })
  }
  const packets = packetsOf(eventsPerTick, payloadBytes)
  const peer = peers[count >> 1]!
  let chunk = packets
  const prepare = (): void => {
    events = 0
    chunk = packets.slice()
  }
  const run = (): void => {
    peer.received(chunk)
    NetworkSystem(world)
  }
  const nanos = nanosOfRun(run, { prepare, samples: 501 })
  if (events !== eventsPerTick)
    throw new Error(`expected ${eventsPerTick} events, the subscribers got ${events}`)
  return {
    event: nanos / eventsPerTick,
    otherEntity: nanosOfCall(() => removeEntity(world, addEntity(world))),
  }
}
