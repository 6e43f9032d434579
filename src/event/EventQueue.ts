import { payloadSizeAt, payloadStart } from '#messageRun'
import { type Arrival, type DataArrival, isData } from './Arrival.ts'
import { type EventSocket } from './EventSocket.ts'

/** What has arrived in one world and waits for a tick, in order of arrival. */
export interface EventQueue<S extends EventSocket = EventSocket> {
  arrivals: Arrival<S>[]
  /** Sockets with arrivals that wait. */
  waitingSockets: number
  /** Events that wait. */
  waitingEvents: number
  /** Called when events begin to wait. */
  readonly begun: () => void
}

/** What an event costs besides its bytes, so that a flood of empty packets is bounded too. */
const bytesPerEvent = 128

/** @param begun called when events begin to wait */
export function createEventQueue<S extends EventSocket>(begun: () => void): EventQueue<S> {
  return { arrivals: [], waitingSockets: 0, waitingEvents: 0, begun }
}

/** Queues an arrival behind what came before it. */
export function queueArrival(queue: EventQueue, arrival: Arrival): void {
  if (queue.waitingEvents === 0) queue.begun()
  if (arrival.socket.queued.count === 0) queue.waitingSockets++
  count(queue, arrival, 1)
  queue.arrivals.push(arrival)
}

/** Takes an arrival out of the counts; the caller takes it out of the list. */
export function unqueue(queue: EventQueue, arrival: Arrival): void {
  count(queue, arrival, -1)
  if (arrival.socket.queued.count === 0) queue.waitingSockets--
}

function count(queue: EventQueue, arrival: Arrival, sign: 1 | -1): void {
  const { queued } = arrival.socket
  const events = sign * arrival.count
  queued.count += events
  queue.waitingEvents += events
  if (isData(arrival)) queued.bytes += sign * (arrival.end - arrival.at) + bytesPerEvent * events
}

/** Cuts the first `count` messages off an arrival that waits. */
export function cutOff<S extends EventSocket>(
  arrival: DataArrival<S>,
  count: number,
): DataArrival<S> {
  const { at, kind, memory } = arrival
  let end = at
  for (let index = 0; index < count; index++)
    end = payloadStart(kind, memory.bytes, end) + payloadSizeAt(kind, memory, end)
  arrival.at = end
  arrival.count -= count
  return { ...arrival, at, end, count }
}
