import { addComponent } from 'bitecs'
import { NetworkEvent } from '../../components/NetworkEvent.ts'
import { Socket } from '../../components/Socket.ts'
import { collect } from '../errors/collect.ts'
import { type Arrival, isData } from './Arrival.ts'
import { cutOff, unqueue } from './arrivals.ts'
import { isHeard } from './createLoad.ts'
import { type Network } from './Network.ts'
import { type NetworkSocket } from './NetworkSocket.ts'
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
  for (const socket of uncounted) tellCounters(network, socket)
}

function takeArrivals(network: Network, errors: unknown[]): void {
  const { arrivals } = network
  if (arrivals.length === 0) return
  network.arrivals = []
  const budget = createBudget(network)
  const rest: Arrival[] = []
  for (const arrival of arrivals)
    if (isGone(arrival.socket)) unqueue(network, arrival)
    else if (!take(network, arrival, budget, errors)) rest.push(arrival)
  // Observers of the user may have sent and so made something arrive: it comes behind what stays.
  if (rest.length > 0) network.arrivals = rest.concat(network.arrivals)
  for (const socket of network.eventful) {
    socket.count()
    socket.resumeIfDrained()
  }
}

/** Nothing more is delivered for it, or for its server. */
function isGone({ isDestroyed, server }: NetworkSocket): boolean {
  return isDestroyed || server?.isDestroyed === true
}

/** How many events a tick may still take. */
interface Budget {
  total: number
  readonly perSocket: number
}

/** When more waits than a tick takes, every socket gets its share, so that none can starve the others. */
function createBudget({ config, waitingEvents, waitingSockets }: Network): Budget {
  const total = config.eventsPerTickMax
  const share = Math.max(1, Math.floor(total / Math.max(1, waitingSockets)))
  const isFlooded = waitingEvents > total
  return { total, perSocket: Math.min(config.eventsPerSocketMax, isFlooded ? share : Infinity) }
}

/** Takes an arrival whole, or as much as the budget allows; whether all of it was taken. */
function take(network: Network, arrival: Arrival, budget: Budget, errors: unknown[]): boolean {
  const { socket } = arrival
  if (socket.takenTick !== network.tick) {
    socket.takenTick = network.tick
    socket.taken = 0
  }
  const left = Math.min(budget.perSocket - socket.taken, budget.total)
  if (left <= 0) {
    // Nothing of this socket may overtake what stays.
    socket.taken = Infinity
    return false
  }
  const isWhole = arrival.count <= left
  const taken = isWhole || !isData(arrival) ? arrival : cutOff(arrival, left)
  socket.taken += taken.count
  budget.total -= taken.count
  unqueue(network, taken)
  begin(network, taken, errors)
  return isWhole
}

/** The events of an arrival belong to this tick. */
function begin(network: Network, arrival: Arrival, errors: unknown[]): void {
  const { world } = network
  const { socket, kind } = arrival
  if (kind === 'connect') collect(errors, () => addAcceptedEntity(network, socket))
  const { entity } = socket
  if (kind === 'disconnect') Socket(world).disconnectReason[entity] = socket.disconnectReason
  else if (isData(arrival)) socket.packetsIn += arrival.count
  // An observer of the user may have turned the client out already.
  if (socket.isDestroyed) return
  network.taken.push(arrival)
  if (kind === 'disconnect' && !isHeard(socket)) return
  if (socket.events !== undefined) {
    socket.events.add(arrival)
    return
  }
  socket.events = new SocketEvents()
  socket.events.add(arrival)
  NetworkEvent(world).events[entity] = socket.events
  network.eventful.push(socket)
  collect(errors, () => void addComponent(world, entity, NetworkEvent))
}

function tellCounters({ world, sockets }: Network, socket: NetworkSocket): void {
  const { entity } = socket
  socket.isCounted = true
  if (sockets.get(entity) !== socket) return
  const store = Socket(world)
  store.bytesIn[entity] = socket.bytesIn
  store.bytesOut[entity] = socket.bytesOut
  store.packetsIn[entity] = socket.packetsIn
  store.packetsOut[entity] = socket.packetsOut
  store.discardedBytes[entity] = socket.discardedBytes
}
