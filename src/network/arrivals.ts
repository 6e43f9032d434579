import { headerBytes, payloadSize } from '../protocol/packetHeader.ts'
import { type Arrival, type DataArrival, isData, type StateArrival } from './Arrival.ts'
import { type Network } from './Network.ts'
import { type NetworkSocket } from './NetworkSocket.ts'

/** What an event costs besides its bytes, so that a flood of empty packets is bounded too. */
const bytesPerEvent = 128

/** Data waits for a tick. */
export function queueData(network: Network, arrival: DataArrival): void {
  arrival.socket.queuedBytes += chargeOf(arrival)
  queue(network, arrival)
}

/** A change of the connection waits for a tick, behind the data that came before it. */
export function queueState(
  network: Network,
  socket: NetworkSocket,
  kind: StateArrival['kind'],
): void {
  queue(network, { kind, socket, count: 1 })
}

/** An arrival waits no longer. */
export function unqueue(network: Network, arrival: Arrival): void {
  const { socket, count } = arrival
  if (isData(arrival)) socket.queuedBytes -= chargeOf(arrival)
  socket.queuedEvents -= count
  network.waitingEvents -= count
  if (socket.queuedEvents === 0) network.waitingSockets--
}

/** Cuts the first `count` packets off an arrival that waits. */
export function cutOff(arrival: DataArrival, count: number): DataArrival {
  const { at, memory } = arrival
  let end = at
  for (let index = 0; index < count; index++) end += headerBytes + payloadSize(memory.view, end)
  arrival.at = end
  arrival.count -= count
  return { ...arrival, at, end, count }
}

function chargeOf({ at, end, count }: DataArrival): number {
  return end - at + bytesPerEvent * count
}

function queue(network: Network, arrival: Arrival): void {
  const { socket, count } = arrival
  if (socket.queuedEvents === 0) network.waitingSockets++
  socket.queuedEvents += count
  network.waitingEvents += count
  network.arrivals.push(arrival)
}
