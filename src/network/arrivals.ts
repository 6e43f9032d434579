import { headerBytes, payloadSize } from '../protocol/packetHeader.ts'
import { type Arrival, type DataArrival, isData } from './Arrival.ts'
import { type Network } from './Network.ts'

/** What an event costs besides its bytes, so that a flood of empty packets is bounded too. */
const bytesPerEvent = 128

/** Data waits for a tick. */
export function queueData(network: Network, arrival: DataArrival): void {
  arrival.socket.inbox.bytes += chargeOf(arrival)
  queue(network, arrival)
}

/** An arrival waits no longer. */
export function unqueue(network: Network, arrival: Arrival): void {
  const { count } = arrival
  const { inbox } = arrival.socket
  if (isData(arrival)) inbox.bytes -= chargeOf(arrival)
  inbox.events -= count
  network.waitingEvents -= count
  if (inbox.events === 0) network.waitingSockets--
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

/** An arrival waits for a tick, behind what came before it. */
export function queue(network: Network, arrival: Arrival): void {
  const { count } = arrival
  const { inbox } = arrival.socket
  if (inbox.events === 0) network.waitingSockets++
  inbox.events += count
  network.waitingEvents += count
  network.arrivals.push(arrival)
}
