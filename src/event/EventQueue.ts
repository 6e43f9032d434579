// What has arrived and waits for a tick, in order of arrival.

import { headerBytes, payloadSize } from '../protocol/packetHeader.ts'
import { type Arrival, type DataArrival, isData } from './Arrival.ts'
import { type EventSocket } from './EventSocket.ts'

/** The queue of one world. */
export interface EventQueue<S extends EventSocket = EventSocket> {
  arrivals: Arrival<S>[]
  /** Sockets with arrivals that wait. */
  waitingSockets: number
  /** Events that wait. */
  waitingEvents: number
}

/** What an event costs besides its bytes, so that a flood of empty packets is bounded too. */
const bytesPerEvent = 128

export function createEventQueue<S extends EventSocket>(): EventQueue<S> {
  return { arrivals: [], waitingSockets: 0, waitingEvents: 0 }
}

/** Queues an arrival behind what came before it. */
export function queueArrival<S extends EventSocket>(
  queue: EventQueue<S>,
  arrival: Arrival<S>,
): void {
  const { count } = arrival
  const { queued } = arrival.socket
  if (queued.count === 0) queue.waitingSockets++
  queued.count += count
  if (isData(arrival)) queued.bytes += chargeOf(arrival)
  queue.waitingEvents += count
  queue.arrivals.push(arrival)
}

/** Takes an arrival out of the counts; the caller takes it out of the list. */
export function unqueue<S extends EventSocket>(queue: EventQueue<S>, arrival: Arrival<S>): void {
  const { count } = arrival
  const { queued } = arrival.socket
  if (isData(arrival)) queued.bytes -= chargeOf(arrival)
  queued.count -= count
  queue.waitingEvents -= count
  if (queued.count === 0) queue.waitingSockets--
}

/** Cuts the first `count` packets off an arrival that waits. */
export function cutOff<S extends EventSocket>(
  arrival: DataArrival<S>,
  count: number,
): DataArrival<S> {
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
