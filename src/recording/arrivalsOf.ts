import { isData } from '../event/Arrival.ts'
import { type TickEvents } from '../event/TickEvents.ts'

/** What the kinds of arrivals are in a recording; data is 0. */
const kindCodes = { connect: 1, nonBlockingConnect: 2, disconnect: 3, peerLost: 4 } as const

/** The events of a tick that were not dispatched: for each arrival its socket, its kind, and how many events it is. */
export function arrivalsOf({ arrivals }: TickEvents): number[] {
  const list: number[] = []
  for (const arrival of arrivals)
    if (arrival.count > 0 && !arrival.socket.isDestroyed)
      list.push(arrival.socket.entity, isData(arrival) ? 0 : kindCodes[arrival.kind], arrival.count)
  return list
}
