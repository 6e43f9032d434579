import { addComponent, type EntityId, entityExists, removeComponent, type World } from 'bitecs'
import { AsyncNetworking, type NetworkingHandler } from '../../components/AsyncNetworking.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { networkOf } from '../network/networkOf.ts'

/**
 * Subscribes an entity to the Networking event: GameMaker's Async Networking event of an object. The handler
 * runs for every event of the world, or, if the entity has `SubscribedTo(socket)`, for those of that socket
 * and, if it is a server, of its clients. Handlers run in the order of subscription.
 *
 * An entity has one handler; another call replaces it. The handler is given the world, the subscribed entity and
 * `asyncLoad`, which ends with the event.
 *
 * @returns a function that ends the subscription; removing the entity or its `AsyncNetworking` does too
 */
export function onNetworking(
  world: World,
  entity: EntityId,
  handler: NetworkingHandler,
): () => void {
  const network = networkOf('onNetworking', world)
  if (typeof handler !== 'function')
    throw wrongType('onNetworking', 'handler', 'a function', handler)
  if (typeof entity !== 'number' || !entityExists(world, entity))
    throw wrongType('onNetworking', 'entity', 'an entity of the world', entity)
  const { handlers, subscriptions } = network
  handlers[entity] = handler
  addComponent(world, entity, AsyncNetworking)
  const subscription = subscriptions.byEntity.get(entity)
  return () => {
    const isOurs = subscriptions.byEntity.get(entity) === subscription
    if (network.isAlive() && isOurs && handlers[entity] === handler)
      removeComponent(world, entity, AsyncNetworking)
  }
}
