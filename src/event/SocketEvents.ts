import { payloadSizeAt, payloadStart } from '#messageRun'
import { receivedBuffer } from '../buffer/NetworkBuffer.ts'
import { NetworkType } from '../constants/NetworkType.ts'
import { type Arrival, type DataArrival, isData, type StateArrival } from './Arrival.ts'
import { type AsyncLoad, DataLoad, endAsyncLoad, SocketLoad } from './AsyncLoad.ts'
import { type EventSocket } from './EventSocket.ts'

/**
 * One socket's part of the tick's events that have not been dispatched yet: a view of `TickEvents`, which holds them in
 * order. Events are made when a system looks at them; the handlers then get the same ones. Otherwise each is made right
 * before its handlers run, and is garbage right after.
 */
export class SocketEvents implements Iterable<AsyncLoad> {
  readonly socket: EventSocket
  #first: Arrival | undefined
  #last: Arrival

  constructor(first: Arrival) {
    this.socket = first.socket
    this.#first = first
    this.#last = first
  }

  /** Appends the socket's next arrival of the tick. */
  add(arrival: Arrival): void {
    this.#last.next = arrival
    this.#last = arrival
  }

  [Symbol.iterator](): Iterator<AsyncLoad> {
    const loads: AsyncLoad[] = []
    for (let arrival = this.#first; arrival !== undefined; arrival = arrival.next)
      if (arrival.count > 0) loads.push(...loadsOf(arrival))
    return loads.values()
  }

  /** Ends the events that no handler will get. */
  end(): void {
    for (let arrival = this.#first; arrival !== undefined; arrival = arrival.next)
      if (arrival.loads !== undefined) for (const load of loadsOf(arrival)) endAsyncLoad(load)
    this.#first = undefined
  }
}

/** The events of an arrival that have not been dispatched, made now if nobody has looked before. */
export function loadsOf(arrival: Arrival): readonly AsyncLoad[] {
  const loads = (arrival.loads ??= makeLoads(arrival))
  const { count } = arrival
  return loads.length === count ? loads : loads.slice(loads.length - count)
}

/** The next event of an arrival. */
export function nextLoad(arrival: Arrival): AsyncLoad {
  const { loads } = arrival
  if (loads !== undefined) return loads[loads.length - arrival.count--]!
  if (isData(arrival)) return takeLoad(arrival)
  arrival.count = 0
  return socketLoad(arrival)
}

function makeLoads(arrival: Arrival): AsyncLoad[] {
  if (!isData(arrival)) return [socketLoad(arrival)]
  const { at, count } = arrival
  const loads: AsyncLoad[] = []
  while (arrival.count > 0) loads.push(takeLoad(arrival))
  arrival.at = at
  arrival.count = count
  return loads
}

/** Makes the next event of an arrival and moves the arrival behind it. */
function takeLoad(arrival: DataArrival): DataLoad {
  const { source, kind, memory, messageType, at } = arrival
  const start = payloadStart(kind, memory.bytes, at)
  const size = arrival.count === 1 ? arrival.end - start : payloadSizeAt(kind, memory, at)
  arrival.at = start + size
  arrival.count--
  return new DataLoad(source, receivedBuffer(memory, start, size), size, messageType)
}

function socketLoad({ kind, source, succeeded }: StateArrival): AsyncLoad {
  const type = NetworkType[kind === 'peerLost' ? 'disconnect' : kind]
  return new SocketLoad(type, source, succeeded) as AsyncLoad
}
