import { type Arrival } from './Arrival.ts'
import { type AsyncLoad } from './AsyncLoad.ts'
import { type EventSocket } from './EventSocket.ts'
import { SocketEvents } from './SocketEvents.ts'

/** What a tick has taken from the queue, in order of arrival. */
export interface TickEvents<S extends EventSocket = EventSocket> {
  /** Counts ticks, so that sockets can count per tick without being reset. */
  tick: number
  /** `received`: the tick's arrivals were taken. `dispatching`: handlers, or observers of traffic, run. */
  phase: 'idle' | 'received' | 'dispatching'
  readonly arrivals: Arrival<S>[]
  /** The store of `NetworkEvent`: each socket's part, by entity. */
  readonly bySocket: (Iterable<AsyncLoad> | undefined)[]
}

/** @param bySocket the store of `NetworkEvent` */
export function createTickEvents<S extends EventSocket>(
  bySocket: (Iterable<AsyncLoad> | undefined)[],
): TickEvents<S> {
  return { tick: 0, phase: 'idle', arrivals: [], bySocket }
}

/** Shows an arrival of the tick as events of its socket. Returns whether they are the socket's first of the tick. */
export function showEvents(events: TickEvents, arrival: Arrival): boolean {
  const { socket } = arrival
  const shown = shownEvents(events, socket)
  if (shown !== undefined) {
    shown.add(arrival)
    return false
  }
  events.bySocket[socket.entity] = new SocketEvents(arrival)
  return true
}

/** A socket has no more events in this tick: those that were not dispatched end. */
export function endEvents(events: TickEvents, socket: EventSocket): void {
  const shown = shownEvents(events, socket)
  if (shown === undefined) return
  shown.end()
  events.bySocket[socket.entity] = undefined
}

/** What is shown of a socket, and not of another that had its entity before. */
function shownEvents({ bySocket }: TickEvents, socket: EventSocket): SocketEvents | undefined {
  const shown = bySocket[socket.entity]
  return shown instanceof SocketEvents && shown.socket === socket ? shown : undefined
}
