import { entityExists, removeComponent } from 'bitecs'
import { NetworkEvent } from '../../components/NetworkEvent.ts'
import { collect } from '../errors/collect.ts'
import { type ArrivalSocket } from './Arrival.ts'
import { type Network } from './Network.ts'

/** Clears what is left of a tick's events. */
export function clearEvents(network: Network, errors: unknown[]): void {
  const { world, eventful } = network
  for (const socket of eventful) {
    endEvents(network, socket)
    // A handler may have removed the entity, or only its `Socket`, or connected it anew.
    if (entityExists(world, socket.entity))
      collect(errors, () => removeComponent(world, socket.entity, NetworkEvent))
  }
  eventful.length = 0
  network.taken.length = 0
  network.hasReceived = false
}

/** A socket has no more events in this tick: those that no handler has seen end. */
export function endEvents({ world }: Network, { entity, inbox }: ArrivalSocket): void {
  if (inbox.current === undefined) return
  inbox.current.end()
  inbox.current = undefined
  NetworkEvent(world).events[entity] = undefined
}
