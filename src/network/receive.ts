import { addComponent } from 'bitecs'
import { NetworkEvent } from '../../components/NetworkEvent.ts'
import { Socket } from '../../components/Socket.ts'
import { collect } from '../errors/collect.ts'
import { type Arrival, isData } from './Arrival.ts'
import { cutOff, unqueue } from './arrivals.ts'
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
  const { arrivals } = network
  if (arrivals.length === 0) return
  network.arrivals = []
  const budget = createBudget(network)
  for (const arrival of arrivals)
    if (arrival.socket.isDestroyed) unqueue(network, arrival)
    else if (!take(network, arrival, budget, errors)) network.arrivals.push(arrival)
  for (const socket of network.eventful) {
    tellCounters(network, socket)
    socket.resumeIfDrained()
  }
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
  if (socket.events === undefined) {
    socket.events = new SocketEvents()
    NetworkEvent(world).events[entity] = socket.events
    network.eventful.push(socket)
    collect(errors, () => void addComponent(world, entity, NetworkEvent))
  }
  socket.events.add(arrival)
  network.taken.push(arrival)
}

function tellCounters({ world }: Network, socket: NetworkSocket): void {
  const { entity } = socket
  const store = Socket(world)
  store.bytesIn[entity] = socket.bytesIn
  store.packetsIn[entity] = socket.packetsIn
  store.discardedBytes[entity] = socket.discardedBytes
}
