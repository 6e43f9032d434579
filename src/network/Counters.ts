import { type EntityId } from 'bitecs'
import { type SocketStore } from '../../components/Socket.ts'
import { type ArrivalSocket } from './Arrival.ts'
import { type Network } from './Network.ts'

/** Counters of one socket, which the store is told at the next tick. */
export interface Counters {
  isTold: boolean
  bytesIn: number
  bytesOut: number
  packetsIn: number
  packetsOut: number
  discardedBytes: number
  undelivered: number
  dropped: number
}

export function createCounters(): Counters {
  return {
    isTold: true,
    bytesIn: 0,
    bytesOut: 0,
    packetsIn: 0,
    packetsOut: 0,
    discardedBytes: 0,
    undelivered: 0,
    dropped: 0,
  }
}

/** The store is told at the next tick what has been counted. */
export function countSoon(network: Network, socket: ArrivalSocket): void {
  // What has no entity yet is counted when it gets one.
  if (!socket.counters.isTold || network.sockets.get(socket.entity) !== socket) return
  socket.counters.isTold = false
  network.uncounted.push(socket)
}

/** Tells the store of a world. */
export function tellCounters(store: SocketStore, entity: EntityId, counters: Counters): void {
  counters.isTold = true
  store.bytesIn[entity] = counters.bytesIn
  store.bytesOut[entity] = counters.bytesOut
  store.packetsIn[entity] = counters.packetsIn
  store.packetsOut[entity] = counters.packetsOut
  store.discardedBytes[entity] = counters.discardedBytes
  store.undelivered[entity] = counters.undelivered
  store.dropped[entity] = counters.dropped
}
