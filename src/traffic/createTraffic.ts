import { NetworkType } from '../constants/NetworkType.ts'
import { collectEach } from '../errors/collect.ts'
import { type Arrival } from '../event/Arrival.ts'
import { type AsyncLoad } from '../event/AsyncLoad.ts'
import { type EventSocket } from '../event/EventSocket.ts'
import { loadsOf } from '../event/SocketEvents.ts'
import { type TickEvents } from '../event/TickEvents.ts'
import { copyMessage } from '../protocol/messageToSend.ts'
import {
  type Observation,
  type SentMessage,
  type Traffic,
  type TrafficObserver,
} from './TrafficObserver.ts'

/**
 * Only `observeTraffic` uses it, so a bundle without that has none of it.
 *
 * @param takeError gets what an observer of `received` has thrown, and the arrival that it was looking at, if that is known
 */
export function createTraffic<S extends EventSocket>(
  tickEvents: TickEvents<S>,
  takeError: (error: unknown, shown: Arrival<S> | undefined, errors: unknown[]) => void,
): Traffic {
  let hasSent = false
  const traffic: Traffic = {
    observations: [],
    recordSent({ entity, ip, port }, message) {
      let copy: SentMessage | undefined
      for (const { observer, sent } of traffic.observations) {
        if (observer.sent === undefined) continue
        copy ??= { socket: entity, ip, port, form: message.form, bytes: copyMessage(message) }
        sent.push(copy)
        hasSent = true
      }
    },
    showReceived(errors) {
      if (tickEvents.arrivals.length === 0) return
      let shown: Arrival<S> | undefined
      const noteShown = (arrival: Arrival<S> | undefined): void => void (shown = arrival)
      const events = { [Symbol.iterator]: () => eventsOf(tickEvents, noteShown) }
      show(errors, ({ observer }) => {
        shown = undefined
        try {
          observer.received?.(events)
        } catch (error) {
          takeError(error, shown, errors)
        }
        rewind(tickEvents)
      })
    },
    showSent(errors) {
      if (!hasSent) return
      hasSent = false
      show(errors, (observation) => {
        const { observer, sent } = observation
        if (sent.length === 0) return
        observation.sent = []
        observer.sent?.(sent)
      })
    },
  }

  function show(errors: unknown[], run: (to: Observation) => void): void {
    const { phase } = tickEvents
    // A tick that an observer ran would take the events from the others: it is refused, as in a handler.
    tickEvents.phase = 'dispatching'
    collectEach(errors, traffic.observations, (observation) => {
      // Another observer may have stopped this one.
      if (traffic.observations.includes(observation)) run(observation)
    })
    tickEvents.phase = phase
  }

  return traffic
}

/** Adds an observer. Returns a function that removes it. */
export function addObserver(traffic: Traffic, observer: TrafficObserver): () => void {
  const observation: Observation = { observer, sent: [] }
  traffic.observations = [...traffic.observations, observation]
  return () => {
    traffic.observations = traffic.observations.filter((other) => other !== observation)
  }
}

/** Puts the buffers back to their start: observers read the ones that the handlers get. */
function rewind({ arrivals }: TickEvents): void {
  for (const { socket, loads = [] } of arrivals)
    if (!socket.isDestroyed)
      for (const load of loads) if (load.type === NetworkType.data) load.buffer.position = 0
}

/**
 * The tick's events that have not been dispatched, in order of arrival.
 *
 * @param noteShown gets the arrival of each event before that is shown; `undefined` when all are shown: who has kept them may
 * look at any
 */
function* eventsOf<S extends EventSocket>(
  { arrivals }: TickEvents<S>,
  noteShown: (arrival: Arrival<S> | undefined) => void,
): Generator<AsyncLoad, void, undefined> {
  for (const arrival of arrivals) {
    if (arrival.count === 0 || arrival.socket.isDestroyed) continue
    for (const load of loadsOf(arrival)) {
      noteShown(arrival)
      yield load
    }
  }
  noteShown(undefined)
}
