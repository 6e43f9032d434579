import { addComponent } from 'bitecs'
import { NetworkEvent } from '../../components/NetworkEvent.ts'
import { Socket } from '../../components/Socket.ts'
import { collect } from '../errors/collect.ts'
import { type Arrival, isData } from './Arrival.ts'
import { countSoon, tellCounters } from './Counters.ts'
import { cutOff, unqueue } from './arrivals.ts'
import { isHeard } from './createLoad.ts'
import { type Network } from './Network.ts'
import { settle } from './settle.ts'
import { addAcceptedEntity } from './socketEntities.ts'
import { SocketEvents } from './SocketEvents.ts'

/**
 * Takes what has arrived up to now: makes the entities of new connections and tells which sockets have
 * events. What is beyond the tick's budget stays, in order.
 */
export function receive(network: Network, errors: unknown[]): void {
  if (network.hasReceived) return
  network.hasReceived = true
  network.tick++
  settle(network, errors)
  takeArrivals(network, errors)
  const { uncounted } = network
  if (uncounted.length === 0) return
  network.uncounted = []
  const store = Socket(network.world)
  for (const socket of uncounted)
    if (network.sockets.get(socket.entity) === socket)
      tellCounters(store, socket.entity, socket.counters)
}

function takeArrivals(network: Network, errors: unknown[]): void {
  const { arrivals } = network
  if (arrivals.length === 0) return
  network.arrivals = []
  const budget = createBudget(network)
  const rest: Arrival[] = []
  for (const arrival of arrivals)
    if (arrival.socket.isGone) unqueue(network, arrival)
    else if (!take(network, arrival, budget, errors)) rest.push(arrival)
  // Observers of the user may have sent and so made something arrive: it comes behind what stays.
  if (rest.length > 0) network.arrivals = rest.concat(network.arrivals)
  for (const socket of network.eventful) {
    countSoon(network, socket)
    if (socket.kind === 'connection') socket.resumeIfDrained()
  }
}

/** How many events a tick may still take. */
interface Budget {
  total: number
  readonly perSocket: number
  /** UDP sockets limit their senders instead. */
  readonly perDatagramSocket: number
}

/** When more waits than a tick takes, every socket gets its share, so that none can starve the others. */
function createBudget({ config, waitingEvents, waitingSockets }: Network): Budget {
  const total = config.eventsPerTickMax
  const share = Math.max(1, Math.floor(total / Math.max(1, waitingSockets)))
  const fair = waitingEvents > total ? share : Infinity
  const perSocket = Math.min(config.eventsPerSocketMax, fair)
  return { total, perSocket, perDatagramSocket: fair }
}

/** Takes an arrival whole, or as much as the budget allows; whether all of it was taken. */
function take(network: Network, arrival: Arrival, budget: Budget, errors: unknown[]): boolean {
  const { inbox, kind } = arrival.socket
  const limit = kind === 'datagrams' ? budget.perDatagramSocket : budget.perSocket
  if (inbox.tick !== network.tick) {
    inbox.tick = network.tick
    inbox.taken = 0
  }
  const left = Math.min(limit - inbox.taken, budget.total)
  if (left <= 0) {
    // Nothing of this socket may overtake what stays.
    inbox.taken = Infinity
    return false
  }
  const isWhole = arrival.count <= left
  const taken = isWhole || !isData(arrival) ? arrival : cutOff(arrival, left)
  inbox.taken += taken.count
  budget.total -= taken.count
  unqueue(network, taken)
  begin(network, taken, errors)
  return isWhole
}

/** The events of an arrival belong to this tick. */
function begin(network: Network, arrival: Arrival, errors: unknown[]): void {
  const { world } = network
  const { socket } = arrival
  if (arrival.kind === 'connect') {
    const accepted = arrival.socket
    collect(errors, () => addAcceptedEntity(network, accepted))
  }
  const { entity, inbox } = socket
  if (isData(arrival)) socket.counters.packetsIn += arrival.count
  else if (arrival.kind === 'disconnect')
    Socket(world).disconnectReason[entity] = arrival.socket.disconnectReason
  // An observer of the user may have turned the client out already.
  if (socket.isDestroyed) return
  network.taken.push(arrival)
  if (arrival.kind === 'disconnect' && !isHeard(arrival.socket)) return
  if (inbox.current !== undefined) {
    inbox.current.add(arrival)
    return
  }
  inbox.current = new SocketEvents()
  inbox.current.add(arrival)
  NetworkEvent(world).events[entity] = inbox.current
  network.eventful.push(socket)
  collect(errors, () => void addComponent(world, entity, NetworkEvent))
}
