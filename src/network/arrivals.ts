import { type Arrival, type DataArrival, type StateArrival } from './Arrival.ts'
import { type Network } from './Network.ts'
import { type NetworkSocket } from './NetworkSocket.ts'

/** What an event costs besides its bytes, so that a flood of empty packets is bounded too. */
const bytesPerEvent = 128

/** Data waits for a tick. */
export function queueData(network: Network, arrival: DataArrival): void {
  arrival.socket.queuedBytes += arrival.end - arrival.at + bytesPerEvent * arrival.count
  queue(network, arrival, arrival.count)
}

/** A change of the connection waits for a tick, behind the data that came before it. */
export function queueState(
  network: Network,
  socket: NetworkSocket,
  kind: StateArrival['kind'],
): void {
  queue(network, { kind, socket }, 1)
}

/** A tick has taken `count` events with `bytes` bytes. */
export function countTaken(
  network: Network,
  socket: NetworkSocket,
  count: number,
  bytes: number,
): void {
  socket.queuedEvents -= count
  socket.queuedBytes -= bytes
  network.waitingEvents -= count
  if (socket.queuedEvents === 0) network.waitingSockets--
}

/** Bytes that `count` events with `bytes` bytes were charged. */
export function chargeOf(bytes: number, count: number): number {
  return bytes + bytesPerEvent * count
}

function queue(network: Network, arrival: Arrival, count: number): void {
  const { socket } = arrival
  if (socket.queuedEvents === 0) network.waitingSockets++
  socket.queuedEvents += count
  network.waitingEvents += count
  network.arrivals.push(arrival)
}
