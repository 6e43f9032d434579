import { removeComponent, type World } from 'bitecs'
import { NetworkEvent } from '../components/NetworkEvent.ts'
import { Connected, Disconnected } from '../components/stateTags.ts'
import { collect, collectEach, throwCollected } from '../src/errors/collect.ts'
import { type Arrival } from '../src/event/Arrival.ts'
import { type AsyncLoad, endAsyncLoad, rewind } from '../src/event/AsyncLoad.ts'
import { nextLoad } from '../src/event/SocketEvents.ts'
import { endEvents } from '../src/event/TickEvents.ts'
import { isLive } from '../src/entities/liveEntities.ts'
import { type EventfulSocket, type Network } from '../src/network/Network.ts'
import { takeHandlerError } from '../src/network/handlerErrors.ts'
import { networkOf } from '../src/network/networkOf.ts'
import { changeState, removeSocket } from '../src/network/socketEntities.ts'
import { subscribersOf } from '../src/network/Subscriptions.ts'
import { type ConnectionSocket } from '../src/socket/ConnectionSocket.ts'
import { flush } from '../src/socket/SendQueue.ts'
import { endStalled } from '../src/socket/watch.ts'
import { receive } from './NetworkReceiveSystem.ts'

/**
 * Runs the Networking event for everything that has arrived since the last tick. Call it once per tick.
 *
 * 1. It takes what has arrived up to now. What arrives meanwhile waits for the next tick.
 * 2. It makes the entities of new connections, so ids are given out in the tick, in order.
 * 3. For each event, in order of arrival, it runs every subscriber's handler, then ends `asyncLoad` and
 *    frees its buffer.
 * 4. After a disconnect event it removes the entity of the accepted socket.
 * 5. It clears `NetworkEvent` and hands over what was sent, in one write per socket.
 *
 * A tick takes at most `eventsPerTickMax` events; the rest follows in the next ticks, in order.
 *
 * @returns the world, for pipelines
 * @throws what handlers, observers and `warn` threw, when the tick is done: the error itself, or an `AggregateError` of several
 */
export function NetworkSystem<W extends World>(world: W): W {
  const network = networkOf('NetworkSystem', world)
  if (network.tickEvents.phase === 'dispatching')
    throw new Error('NetworkSystem: called by a handler or an observer of the tick')
  const errors: unknown[] = network.warner.errors.splice(0)
  collect(errors, () => endStalled(network.watch)) // 1. connections that stand still, or do not answer
  collect(errors, () => receive(network, errors)) //  2. what has arrived, within the budget: NetworkReceiveSystem.ts
  collect(errors, () => dispatch(network, errors)) // 3. each event to each subscriber; then asyncLoad and its buffer end
  if (network.isAlive()) {
    collect(errors, () => clear(network, errors)) //  4. NetworkEvent goes
    network.traffic?.showSent(errors)
    collect(errors, () => flush(network.sends)) //    5. one write per socket
  }
  network.recorder?.end()
  throwCollected(errors) //                           6. what handlers threw
  return world
}

/** Runs the handlers for each of the tick's events, and removes the entities of connections that are gone. */
function dispatch(network: Network, errors: unknown[]): void {
  const { tickEvents, sends } = network
  tickEvents.phase = 'dispatching'
  sends.isInTick = true
  try {
    // What handlers throw is caught where they run: this is for a fault of the library, which must not cost other
    // sockets their events, nor be met again by every later tick.
    collectEach(errors, tickEvents.arrivals, (arrival) => {
      if (network.isAlive()) dispatchArrival(network, arrival, errors)
    })
  } finally {
    tickEvents.phase = 'received'
    sends.isInTick = false
  }
}

function dispatchArrival(
  network: Network,
  arrival: Arrival<EventfulSocket>,
  errors: unknown[],
): void {
  const { socket } = arrival
  if (arrival.kind === 'disconnect' && socket.kind === 'connection') {
    endConnection(network, arrival, socket, errors)
    return
  }
  // A failure to connect is everybody's event, even if a handler connects again at once.
  const isForAll = arrival.kind === 'nonBlockingConnect' && arrival.succeeded === 0
  while (arrival.count > 0 && !socket.isDestroyed && network.isAlive()) {
    if (arrival.kind === 'peerLost') network.store.disconnectReason[socket.entity] = arrival.reason
    runHandlers(network, arrival, nextLoad(arrival), isForAll, errors)
  }
}

/** The last of a connection: its state, its disconnect event if there is one, its entity. */
function endConnection(
  network: Network,
  arrival: Arrival<EventfulSocket>,
  socket: ConnectionSocket,
  errors: unknown[],
): void {
  if (socket.isDestroyed) return
  collect(errors, () => changeState(network, socket, [Connected], Disconnected))
  if (arrival.count > 0 && !socket.isDestroyed)
    runHandlers(network, arrival, nextLoad(arrival), true, errors)
  if (socket.server !== undefined && !socket.isDestroyed && network.isAlive())
    collect(errors, () => removeSocket(network, socket))
}

/** @param isForAll all that are still subscribed get the event, even if a handler destroys its socket */
function runHandlers(
  network: Network,
  arrival: Arrival<EventfulSocket>,
  load: AsyncLoad,
  isForAll: boolean,
  errors: unknown[],
): void {
  const { socket } = arrival
  let isRead = arrival.loads !== undefined
  for (const subscription of arrival.claims ?? subscribersOf(network.subscriptions, socket)) {
    if (!subscription.isActive) continue
    // Each reads the message from its beginning, where the first finds it unless somebody has looked.
    if (isRead) rewind(load)
    isRead = true
    try {
      subscription.run(load)
    } catch (error) {
      collect(errors, () => takeHandlerError(network, arrival, error, errors))
    }
    if ((socket.isDestroyed && !isForAll) || !network.isAlive()) break
  }
  endAsyncLoad(load)
}

/** Clears what is left of the tick's events. */
function clear(network: Network, errors: unknown[]): void {
  const { tickEvents } = network
  const { arrivals } = tickEvents
  collectEach(errors, arrivals, (arrival) => clearArrival(network, arrival))
  arrivals.length = 0
  tickEvents.phase = 'idle'
}

function clearArrival(network: Network, arrival: Arrival<EventfulSocket>): void {
  const { world, tickEvents } = network
  const { socket, next, loads } = arrival
  endEvents(tickEvents, socket)
  // Claimed ones are not shown, but an observer of traffic may have kept those of a socket that was destroyed since.
  loads?.forEach(endAsyncLoad)
  // Once for each socket. A handler may have removed the entity, or only its `Socket`, or connected it again.
  if (next === undefined && isLive(network, socket.entity))
    removeComponent(world, socket.entity, NetworkEvent)
}
