import { addComponent, type EntityId, removeComponent, type World } from 'bitecs'
import { AsyncNetworking } from '../../components/AsyncNetworking.ts'
import { type NetworkingOptions, networkingOptionChecks } from '../config/NetworkingOptions.ts'
import { isIterable, wrongEntity, wrongType } from '../errors/argumentErrors.ts'
import { checkOptions } from '../errors/checkOptions.ts'
import { runOrUndo } from '../errors/collect.ts'
import { type AsyncLoad } from '../event/AsyncLoad.ts'
import { isLive } from '../entities/liveEntities.ts'
import { type Network } from '../network/Network.ts'
import { networkOf } from '../network/networkOf.ts'
import { type HandlerResult, refusePromise } from '../warnings/refusePromise.ts'
import { subscribe, unsubscribe } from '../network/Subscriptions.ts'

/**
 * Runs for each Networking event. It must not be async: what it returns is not used, and a promise is refused.
 *
 * @param self the subscribed entity
 * @param asyncLoad the event, valid until the handler returns
 */
export type NetworkingHandler = (
  world: World,
  self: EntityId,
  asyncLoad: AsyncLoad,
) => HandlerResult

const where = 'onNetworking'

/**
 * Subscribes an entity to the Networking event: GameMaker's Async Networking event of an object.
 *
 * On a socket's entity the handler gets the events of that socket, on a server's also those of its clients. On any other
 * entity it gets every event of the world, as in GameMaker. The option `from` chooses the sockets instead. What the entity
 * is counts at the call. When the last of its sockets is removed, the subscription ends.
 *
 * Handlers run in the order of the calls, over all entities. An entity may have several.
 *
 * @returns a function that ends this subscription; removing the entity or its `AsyncNetworking` ends all of the entity
 * @throws TypeError for arguments of a wrong type, for an entity in `from` that is not a socket, and for an empty `from`
 */
export function onNetworking(
  world: World,
  entity: EntityId,
  handler: NetworkingHandler,
  options: NetworkingOptions = {},
): () => void {
  const network = networkOf(where, world)
  const { subscriptions } = network
  if (typeof handler !== 'function') throw wrongType(where, 'handler', 'a function', handler)
  if (typeof entity !== 'number' || !isLive(network, entity))
    throw wrongEntity(where, 'entity', 'an entity of the world', entity)
  const given = checkOptions(where, 'option', options, networkingOptionChecks)
  const { from = network.sockets.has(entity) ? entity : undefined } = given
  const sockets = from === undefined ? undefined : socketsOf(network, from)
  const run = (asyncLoad: AsyncLoad): void =>
    refusePromise(network.warner, where, handler(world, entity, asyncLoad))
  const subscription = subscribe(subscriptions, entity, run, sockets)
  const end = (): void => {
    if (network.isAlive() && unsubscribe(subscriptions, subscription) && isLive(network, entity))
      removeComponent(world, entity, AsyncNetworking)
  }
  runOrUndo(() => void addComponent(world, entity, AsyncNetworking), end)
  return end
}

/** The sockets to narrow to, each of which must be one. */
function socketsOf({ sockets }: Network, from: EntityId | Iterable<EntityId>): Set<EntityId> {
  const found = new Set(isIterable(from) ? from : [from])
  if (found.size === 0 || ![...found].every((entity) => sockets.has(entity)))
    throw wrongEntity(where, 'from', 'a socket, or several', from)
  return found
}
