// The Networking event and the step.

import { addEntity, removeEntity } from 'bitecs'
import { type AsyncLoad } from '../../event/AsyncLoad.ts'
import { NetworkSystem } from '../../../systems/NetworkSystem.ts'
import { NetworkType } from '../../constants/NetworkType.ts'
import { collect, throwCollected } from '../../errors/collect.ts'
import { onNetworking } from '../../api/onNetworking.ts'
import { boundWorld, type GmlWorld } from '../binding.ts'
import { removeBuffer } from '../buffer/bufferHandles.ts'
import { ev_async_save_load, ev_async_web_networking } from '../constants.ts'
import { addMap, existingMap, mapNumber } from '../ds/dsHandles.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import {
  addHandler,
  type AsyncHandler,
  createHandlerList,
  type HandlerList,
} from '../handlerList.ts'
import { toNumber } from '../toNumber.ts'
import { checkHandler } from './checkHandler.ts'
import { createEventMap } from './createEventMap.ts'
import { runAsyncEvent } from './runAsyncEvent.ts'
import { deliverSaveLoads } from './saveLoadEvent.ts'

/**
 * Subscribes a function without arguments to the Networking event of the bound world, as an object has GameMaker's Async -
 * Networking event; GameMaker has no such function. It hears every event of the world, in which `async_load` names the map.
 *
 * @returns a function that ends the subscription
 */
export function gml_on_networking(handler: AsyncHandler): () => void {
  const where = 'gml_on_networking'
  checkHandler(where, handler)
  const gml = boundWorld(where)
  const remove = addHandler(gml.networking, handler)
  listen(gml)
  return () => {
    remove()
    if (gml.networking.size === 0) stopListening(gml)
  }
}

/**
 * One step of the bound world: runs `NetworkSystem` on it, and so the Networking event for all that has arrived, then the
 * save/load event for what is done; GameMaker has no such function. Call it once per step, where GameMaker runs the
 * asynchronous events: before the game's own step.
 *
 * @throws what handlers have thrown, when the step is done; an `AggregateError` if it is more than one thing
 */
export function gml_step(): void {
  const gml = boundWorld('gml_step')
  const errors: unknown[] = []
  collect(errors, () => NetworkSystem(gml.network.world))
  deliverSaveLoads(gml, errors)
  throwCollected(errors)
}

/**
 * Runs an asynchronous event at once, with a map of yours as `async_load`. Inside another event that one's `async_load` is
 * back afterwards. The map is destroyed when the event ends.
 *
 * `ev_async_web_networking` runs the functions of `gml_on_networking`, `ev_async_save_load` those of `gml_on_save_load`;
 * other events have no functions here.
 *
 * @throws RangeError if there is no such map, and what handlers have thrown, when the event is over
 */
export function event_perform_async(type: GmlNumber, ds_map: GmlNumber): void {
  const where = 'event_perform_async'
  const event = toNumber(where, 'type', type, 'an ev_async_ constant')
  existingMap(where, ds_map)
  const gml = boundWorld(where)
  const errors: unknown[] = []
  runAsyncEvent(gml, handlersOf(gml, event), mapNumber(where, ds_map), errors)
  throwCollected(errors)
}

function handlersOf(gml: GmlWorld, type: number): HandlerList {
  if (type === ev_async_web_networking) return gml.networking
  return type === ev_async_save_load ? gml.saveLoad : createHandlerList()
}

/** Hears the world's events through one entity, since all functions of an event see the same map. */
function listen(gml: GmlWorld): void {
  if (isListening(gml)) return
  const { world, subscriptions } = gml.network
  const listener = addEntity(world)
  onNetworking(world, listener, (_world, _self, load) => handleEvent(gml, load))
  gml.subscription = subscriptions.byEntity[listener]?.[0]
}

function isListening({ subscription, network }: GmlWorld): boolean {
  return subscription !== undefined && subscription.isActive && network.isAlive()
}

function stopListening(gml: GmlWorld): void {
  const { subscription, network } = gml
  if (subscription !== undefined && isListening(gml))
    removeEntity(network.world, subscription.entity)
  gml.subscription = undefined
}

function handleEvent(gml: GmlWorld, load: AsyncLoad): void {
  const socket = load.type === NetworkType.data ? load.id : load.socket
  const isLast =
    load.type === NetworkType.disconnect ||
    (load.type === NetworkType.nonBlockingConnect && load.succeeded === 0)
  const { map, buffer } = createEventMap(gml, load)
  const handle = gml.handles.get(socket)
  const errors: unknown[] = []
  // Nothing more of a socket that a handler has destroyed, or of a world; its end, though, is everybody's to hear.
  const isOver = (): boolean =>
    !gml.network.isAlive() || (!isLast && gml.handles.get(socket) !== handle)
  runAsyncEvent(gml, gml.networking, addMap(map), errors, isOver)
  if (buffer >= 0) removeBuffer(buffer)
  throwCollected(errors)
}
