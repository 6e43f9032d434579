import { platformTransports } from '#platform'
import { type EntityId, observe, onRemove, type World } from 'bitecs'
import { AsyncNetworking } from '../../components/AsyncNetworking.ts'
import { NetworkEvent } from '../../components/NetworkEvent.ts'
import { Socket } from '../../components/Socket.ts'
import { defaultConfig } from '../config/NetworkConfig.ts'
import { warnOfWaiting } from '../warnings/warnOfWaiting.ts'
import { createWarner } from '../warnings/Warner.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { entityIndexOf } from '../entities/entityIndexOf.ts'
import { createEventQueue } from '../event/EventQueue.ts'
import { createTickEvents } from '../event/TickEvents.ts'
import { createSendQueue } from '../socket/SendQueue.ts'
import { Patience } from '../clock/patience.ts'
import { isObject } from '../errors/isObject.ts'
import { createWatch } from '../socket/watch.ts'
import { type Network } from './Network.ts'
import { reportConnectSoon } from './reportConnects.ts'
import { forgetSocket } from './socketEntities.ts'
import { createSubscriptions, unsubscribe } from './Subscriptions.ts'

const networks = new WeakMap<object, Network>()
/** The one used last: most programs have one world, and comparing is faster than looking it up. */
let latest: Network | undefined

/**
 * The network of a world, made on first use. A world that was reset gets a new one: its former sockets are closed.
 *
 * @throws TypeError unless `world` is a bitECS world that was not deleted
 */
export function networkOf(where: string, world: World): Network {
  const network = latest?.world === world ? latest : networks.get(world)
  if (network?.isAlive() === true) return (latest = network)
  if (!isObject(world) || entityIndexOf(world) === undefined)
    throw wrongType(where, 'world', 'a bitECS world that was not deleted', world)
  const created = createNetwork(world)
  networks.set(world, created)
  return (latest = created)
}

/** Closes everything of a world that is gone. Nothing of bitECS is touched. */
function abandon(network: Network): void {
  if (networks.get(network.world) === network) networks.delete(network.world)
  if (latest === network) latest = undefined
  const sockets = [...network.sockets.values()]
  // First: what they call then finds none of them.
  network.sockets.clear()
  network.queue.arrivals = []
  network.cancelTickWarning?.()
  for (const socket of sockets) socket.destroy()
}

function createNetwork(world: World): Network {
  const config = defaultConfig()
  const patience = new Patience(config)
  const watch = createWatch(config, patience)
  const entityIndex = entityIndexOf(world)
  const isAlive = (): boolean => {
    if (entityIndexOf(world) === entityIndex) return true
    abandon(network)
    return false
  }
  const network: Network = {
    world,
    config,
    warner: createWarner(config),
    store: Socket(world),
    queue: createEventQueue(() => warnOfWaiting(network)),
    tickEvents: createTickEvents(NetworkEvent(world).events),
    sends: createSendQueue(watch, isAlive),
    patience,
    watch,
    isAlive,
    reportConnect: (socket) => reportConnectSoon(network, socket),
    sockets: new Map(),
    connected: [],
    cancelTickWarning: undefined,
    subscriptions: createSubscriptions(AsyncNetworking(world).subscriptions),
    traffic: undefined,
    recorder: undefined,
    transports: new Map(platformTransports.map((each) => [each.type, each])),
    bindDatagrams: undefined,
    hostNames: undefined,
  }
  observe(world, onRemove(AsyncNetworking), (entity) => endSubscriptions(network, entity))
  observe(world, onRemove(Socket), (entity) => forgetSocket(network, entity))
  return network
}

function endSubscriptions({ subscriptions }: Network, entity: EntityId): void {
  for (const each of subscriptions.byEntity[entity] ?? []) unsubscribe(subscriptions, each)
  subscriptions.byEntity[entity] = undefined
}
