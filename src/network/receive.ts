import { addComponent } from 'bitecs'
import { type AsyncLoad, DataLoad, SocketLoad } from '../../components/AsyncLoad.ts'
import { NetworkEvent } from '../../components/NetworkEvent.ts'
import { Socket } from '../../components/Socket.ts'
import { receivedBuffer } from '../buffer/NetworkBuffer.ts'
import { NetworkType } from '../constants/NetworkType.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import { collect } from '../errors/collect.ts'
import { headerBytes, payloadSize } from '../protocol/packetHeader.ts'
import { type Arrival, type DataArrival, type StateArrival } from './Arrival.ts'
import { chargeOf, countTaken } from './arrivals.ts'
import { type Network } from './Network.ts'
import { type NetworkSocket } from './NetworkSocket.ts'
import { settleInto } from './settle.ts'
import { addAcceptedEntity } from './socketEntities.ts'

/**
 * Takes what has arrived up to now and makes this tick's events of it, in order, and the entities of new
 * connections. What is beyond the tick's budget stays, in order.
 */
export function receive(network: Network, errors: unknown[]): void {
  if (network.hasReceived) return
  network.hasReceived = true
  network.tick++
  settleInto(network, errors)
  const { arrivals } = network
  if (arrivals.length === 0) return
  network.arrivals = []
  const budget = createBudget(network)
  for (const arrival of arrivals) {
    const { socket } = arrival
    if (socket.isDestroyed) drop(network, arrival)
    else if (!take(network, arrival, budget, errors)) network.arrivals.push(arrival)
  }
  for (const socket of network.eventful) tellCounters(network, socket)
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
    socket.endsAt = -1
  }
  const left = Math.min(budget.perSocket - socket.taken, budget.total)
  if (left <= 0) {
    // Nothing of this socket may overtake what stays.
    socket.taken = Infinity
    return false
  }
  const count = 'count' in arrival ? Math.min(arrival.count, left) : 1
  if ('count' in arrival) takeData(network, arrival, count, errors)
  else takeState(network, arrival, errors)
  socket.taken += count
  budget.total -= count
  return !('count' in arrival) || arrival.count === 0
}

function takeData(network: Network, arrival: DataArrival, count: number, errors: unknown[]): void {
  const { socket, memory, kind } = arrival
  if (socket.events === undefined) beginEvents(network, socket, errors)
  const from = arrival.at
  let at = from
  for (let index = 0; index < count; index++) {
    const header = kind === 'packets' ? headerBytes : 0
    const size = kind === 'packets' ? payloadSize(memory.view, at) : arrival.end - at
    const buffer = receivedBuffer(memory, at + header, size)
    deliver(network, socket, new DataLoad(socket, buffer, size))
    at += header + size
  }
  arrival.at = at
  arrival.count -= count
  socket.packetsIn += count
  countTaken(network, socket, count, chargeOf(at - from, count))
  socket.resumeIfDrained()
}

function takeState(network: Network, { socket, kind }: StateArrival, errors: unknown[]): void {
  countTaken(network, socket, 1, 0)
  if (kind === 'connect') collect(errors, () => addAcceptedEntity(network, socket))
  if (socket.events === undefined) beginEvents(network, socket, errors)
  if (kind === 'connect') {
    deliver(network, socket, new SocketLoad(NetworkType.connect, socket, 1))
  } else if (kind === 'connectResult') {
    const succeeded = socket.connectError === 0 ? 1 : 0
    deliver(network, socket, new SocketLoad(NetworkType.nonBlockingConnect, socket, succeeded))
  } else {
    Socket(network.world).disconnectReason[socket.entity] = socket.disconnectReason
    const isHeard = socket.role === SocketRole.accepted || network.config.clientDisconnectEvents
    deliver(
      network,
      socket,
      isHeard ? new SocketLoad(NetworkType.disconnect, socket, 0) : undefined,
    )
    socket.endsAt = network.deliveries.length - 1
  }
}

function deliver(network: Network, socket: NetworkSocket, load: AsyncLoad | undefined): void {
  network.deliveries.push(load)
  network.deliverySockets.push(socket)
  if (load !== undefined) socket.events?.push(load)
}

/** The socket's first event of this tick. */
function beginEvents(network: Network, socket: NetworkSocket, errors: unknown[]): void {
  const { world } = network
  const { entity } = socket
  const events: AsyncLoad[] = []
  socket.events = events
  NetworkEvent(world).events[entity] = events
  network.eventful.push(socket)
  collect(errors, () => void addComponent(world, entity, NetworkEvent))
}

function tellCounters({ world }: Network, socket: NetworkSocket): void {
  const { entity } = socket
  const store = Socket(world)
  store.bytesIn[entity] = socket.bytesIn
  store.packetsIn[entity] = socket.packetsIn
  store.discardedBytes[entity] = socket.discardedBytes
}

function drop(network: Network, arrival: Arrival): void {
  const { socket } = arrival
  if ('count' in arrival) {
    const { count, at, end } = arrival
    countTaken(network, socket, count, chargeOf(end - at, count))
  } else countTaken(network, socket, 1, 0)
}
