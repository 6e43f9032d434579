// Which world GameMaker's functions act on, and what this face keeps of each world.

import { createWorld, type EntityId, observe, onRemove, type World } from 'bitecs'
import { Socket } from '../../components/Socket.ts'
import { type Subscription } from '../event/Subscription.ts'
import { type Network } from '../network/Network.ts'
import { networkOf } from '../network/networkOf.ts'
import { type GmlNumber } from './GmlNumber.ts'
import { createHandlerList, type HandlerList } from './handlerList.ts'
import {
  createHandles,
  endHandle,
  findThing,
  giveHandle,
  handleNumber,
  type Handles,
  unknownHandle,
} from './handles.ts'
import { settings } from './settings.ts'

/** What this face keeps of one world. */
export interface GmlWorld {
  readonly network: Network
  /** The handles of sockets, by entity. */
  readonly handles: Map<EntityId, number>
  /** The handles of sockets that handlers have destroyed in a tick: others may have to hear of their end in it. */
  readonly ended: { tick: number; readonly handles: Map<EntityId, number> }
  readonly networking: HandlerList
  readonly saveLoad: HandlerList
  /** Through which the world's events come here. */
  subscription: Subscription | undefined
  /** What has been saved or loaded and waits for a step. */
  readonly finished: FinishedRequest[]
  /** The settings that the world has been told. */
  readonly told: { client_disconnect: boolean; malformed: string }
}

/** A request to save or load whose work is done but for what must happen in a step. */
export interface FinishedRequest {
  readonly id: number
  /** Gives whether it succeeded. */
  readonly complete: () => boolean
}

/** What a socket's handle stands for. */
export interface GmlSocket {
  readonly gml: GmlWorld
  readonly entity: EntityId
  /** What the last connect was given as its address. */
  url: string
  /** The sub-protocol that connecting will offer; without one the world's. */
  protocol: string | undefined
}

const sockets: Handles<GmlSocket> = /* @__PURE__ */ createHandles('socket')

const worlds = /* @__PURE__ */ new WeakMap<Network, GmlWorld>()

let bound: World | undefined

/**
 * Makes a world the one that later calls act on; GameMaker has no such function. Without it the first call makes a world.
 * A socket stays with the world it was made in.
 *
 * @returns the world before, `undefined` if there was none
 * @throws TypeError for what is no bitECS world, or was deleted
 */
export function gml_bind(world: World): World | undefined {
  networkOf('gml_bind', world)
  const before = bound
  bound = world
  return before
}

/**
 * The entity of a socket in its world; GameMaker has no such function.
 *
 * @returns the entity, -1 if there is no such socket
 */
export function gml_entity(socket: GmlNumber): EntityId {
  return findSocket('gml_entity', socket)?.entity ?? -1
}

/** What is kept of the world that calls act on. */
export function boundWorld(where: string): GmlWorld {
  bound ??= createWorld()
  return gmlWorldOf(networkOf(where, bound))
}

/** Runs something while calls act on a certain world. A world that it binds itself stays. */
export function whileBound(world: World, run: () => void): void {
  const before = bound
  bound = world
  try {
    run()
  } finally {
    if (bound === world) bound = before
  }
}

/** What this face keeps of a world, which has been told the settings. */
export function gmlWorldOf(network: Network): GmlWorld {
  let gml = worlds.get(network)
  if (gml === undefined) {
    gml = createGmlWorld(network)
    worlds.set(network, gml)
  }
  const { told } = gml
  const { client_disconnect, malformed } = settings
  // Only what has changed, so that the world's own configuration stands otherwise.
  if (told.client_disconnect !== client_disconnect) {
    network.config.clientDisconnectEvents = client_disconnect
    told.client_disconnect = client_disconnect
  }
  if (told.malformed !== malformed) {
    network.config.malformed = malformed
    told.malformed = malformed
  }
  return gml
}

function createGmlWorld(network: Network): GmlWorld {
  const handles = new Map<EntityId, number>()
  const ended = { tick: network.tickEvents.tick, handles: new Map<EntityId, number>() }
  observe(network.world, onRemove(Socket), (entity) => {
    const handle = handles.get(entity)
    if (handle === undefined) return
    handles.delete(entity)
    endHandle(sockets, handle)
    if (network.tickEvents.phase !== 'dispatching') return
    if (ended.tick !== network.tickEvents.tick) ended.handles.clear()
    ended.tick = network.tickEvents.tick
    ended.handles.set(entity, handle)
  })
  return {
    network,
    handles,
    ended,
    networking: createHandlerList(),
    saveLoad: createHandlerList(),
    subscription: undefined,
    finished: [],
    told: { client_disconnect: false, malformed: 'discard' },
  }
}

/** The handle of a socket's entity. */
export function handleOf(gml: GmlWorld, entity: EntityId): number {
  const known = gml.handles.get(entity)
  if (known !== undefined) return known
  const handle = giveHandle(sockets, { gml, entity, url: '', protocol: undefined })
  if (gml.network.sockets.has(entity)) gml.handles.set(entity, handle)
  else endHandle(sockets, handle)
  return handle
}

/** The handle of a socket that an event of this tick is about; the one it had if a handler has destroyed it. */
export function handleInEvent(gml: GmlWorld, entity: EntityId): number {
  const { ended, network } = gml
  const former = ended.tick === network.tickEvents.tick ? ended.handles.get(entity) : undefined
  return former ?? handleOf(gml, entity)
}

/** The socket of a handle, or `undefined`. Throws a `TypeError` for what does not stand for a number. */
export function findSocket(where: string, handle: GmlNumber): GmlSocket | undefined {
  const socket = findThing(where, sockets, handle)
  if (socket === undefined) return undefined
  const { network } = socket.gml
  // The world is deleted, or has begun anew.
  if (network.isAlive() && network.sockets.has(socket.entity)) return socket
  endHandle(sockets, handleNumber(where, 'socket', handle))
  return undefined
}

/** What a network function gives for a socket that does not exist. */
export function noSocket(where: string, handle: GmlNumber): -1 {
  if (settings.unknown_socket === 'error') throw unknownHandle(where, 'socket', handle)
  return -1
}
