import { addComponent, type World } from 'bitecs'
import { NetworkEvent } from '../components/NetworkEvent.ts'
import { collect, collectEach, throwCollected } from '../src/errors/collect.ts'
import { type Arrival, isData } from '../src/event/Arrival.ts'
import { cutOff, unqueue } from '../src/event/EventQueue.ts'
import { showEvents } from '../src/event/TickEvents.ts'
import { isLive } from '../src/entities/liveEntities.ts'
import { takeObserverError } from '../src/network/handlerErrors.ts'
import { type EventfulSocket, type Network } from '../src/network/Network.ts'
import { networkOf } from '../src/network/networkOf.ts'
import { reportConnects } from '../src/network/reportConnects.ts'
import { resumeIfDrained } from '../src/socket/receiveBytes.ts'

/**
 * Optional: takes what has arrived, so that the systems between here and `NetworkSystem` can read this
 * tick's events from the `NetworkEvent` component instead of subscribing:
 *
 * ```ts
 * for (const socket of query(world, [NetworkEvent]))
 *   for (const asyncLoad of NetworkEvent(world).events[socket] ?? []) …
 * ```
 *
 * Without it `NetworkSystem` does this itself. What is taken here is not taken again.
 *
 * @returns the world, for pipelines
 */
export function NetworkReceiveSystem<W extends World>(world: W): W {
  const errors: unknown[] = []
  receive(networkOf('NetworkReceiveSystem', world), errors)
  throwCollected(errors)
  return world
}

/**
 * Takes what has arrived up to now, once a tick: makes the entities of new connections and shows which sockets have
 * events. What is beyond the tick's budget stays, in order. What observers throw is added to `errors`.
 */
export function receive(network: Network, errors: unknown[]): void {
  const { tickEvents } = network
  if (tickEvents.phase !== 'idle') return
  network.recorder?.begin()
  tickEvents.phase = 'received'
  tickEvents.tick++
  reportConnects(network, errors)
  takeArrivals(network, errors)
  network.recorder?.received()
  network.traffic?.showReceived(errors)
}

function takeArrivals(network: Network, errors: unknown[]): void {
  const { queue, tickEvents } = network
  const { arrivals } = queue
  if (arrivals.length === 0) return
  const budget = createBudget(network)
  queue.arrivals = []
  const rest: Arrival<EventfulSocket>[] = []
  for (const arrival of arrivals)
    // An observer of the user may have reset the world, which destroys its sockets.
    if (!network.isAlive() || arrival.socket.isGone) unqueue(queue, arrival)
    else if (!take(network, arrival, budget, errors)) rest.push(arrival)
  // Observers of the user may have sent and so made something arrive: it comes behind what stays.
  if (rest.length > 0) queue.arrivals = rest.concat(queue.arrivals)
  // A transport that throws must not leave other connections paused for good.
  collectEach(errors, tickEvents.arrivals, ({ socket }) => {
    if (socket.kind === 'connection') resumeIfDrained(socket)
  })
}

const isEnd = ({ kind }: Arrival): boolean => kind === 'disconnect'

/** How many events a tick may still take, and how many ends of connections. */
interface Budget {
  total: number
  ends: number
  /** When more waits than a tick takes, every socket gets its share, so that none can starve the others. */
  readonly share: number
}

function createBudget({ config, queue }: Network): Budget {
  const { eventsPerTickMax: total, endsPerTickMax: ends } = config
  const { arrivals, waitingEvents, waitingSockets } = queue
  // Ends that have to wait anyway leave their part to the others.
  const endsBeyond = waitingEvents > total ? arrivals.filter(isEnd).length - ends : 0
  const isEnough = waitingEvents - Math.max(0, endsBeyond) <= total
  const share = isEnough ? Infinity : Math.max(1, Math.floor(total / waitingSockets))
  return { total, ends, share }
}

/** Takes an arrival whole, or as much as the budget allows. Returns whether all of it was taken. */
function take(
  network: Network,
  arrival: Arrival<EventfulSocket>,
  budget: Budget,
  errors: unknown[],
): boolean {
  const { queued, kind } = arrival.socket
  // UDP sockets limit their senders instead.
  const limit = kind === 'datagram' ? Infinity : network.config.eventsPerSocketMax
  const { tick } = network.tickEvents
  if (queued.tick !== tick) {
    queued.tick = tick
    queued.taken = 0
  }
  const left = Math.min(Math.min(limit, budget.share) - queued.taken, budget.total)
  if (left <= 0 || (isEnd(arrival) && budget.ends === 0)) {
    // Nothing of this socket may overtake what stays.
    queued.taken = Infinity
    return false
  }
  const isWhole = arrival.count <= left
  const taken = isWhole || !isData(arrival) ? arrival : cutOff(arrival, left)
  if (isEnd(arrival)) budget.ends--
  queued.taken += taken.count
  budget.total -= taken.count
  unqueue(network.queue, taken)
  begin(network, taken, errors)
  return isWhole
}

/** The events of an arrival belong to this tick. */
function begin(network: Network, arrival: Arrival<EventfulSocket>, errors: unknown[]): void {
  const { store } = network
  const { socket, kind } = arrival
  if (kind === 'connect' && socket.kind === 'connection')
    collect(errors, () => socket.server?.showAccepted(socket))
  if (isData(arrival)) socket.counters.add('packetsIn', arrival.count)
  else if (kind === 'disconnect') store.disconnectReason[socket.entity] = arrival.reason
  // An observer of the user may have turned the client out already.
  if (socket.isDestroyed) return
  const { claim } = socket.server ?? socket
  if (claim === undefined || !isData(arrival)) show(network, arrival, errors)
  else for (const part of claim(arrival)) show(network, part, errors)
}

/** Those that a layer claims are no events of the socket. */
function show(network: Network, arrival: Arrival<EventfulSocket>, errors: unknown[]): void {
  const { world, tickEvents, config } = network
  const { socket, claims } = arrival
  tickEvents.arrivals.push(arrival)
  // The end of a connection is an event on a server; on a client, whose GameMaker gets none, by a setting.
  if (isEnd(arrival) && socket.server === undefined && !config.clientDisconnectEvents)
    arrival.count = 0
  else if (
    claims === undefined &&
    showEvents(tickEvents, arrival) &&
    isLive(network, socket.entity)
  ) {
    try {
      addComponent(world, socket.entity, NetworkEvent)
    } catch (error) {
      // An observer of the user may have read the event.
      collect(errors, () => takeObserverError(network, arrival, error, errors))
    }
  }
}
