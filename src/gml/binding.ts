// Which world GameMaker's functions act on, and what this face keeps of each world.

import { createWorld, type EntityId, observe, onRemove, type World } from 'bitecs'
import { Socket } from '../../components/Socket.ts'
import { type Subscription } from '../event/Subscription.ts'
import { type Network } from '../network/Network.ts'
import { networkOf } from '../network/networkOf.ts'
import { type EarlySends } from './EarlySends.ts'
import { type GmlNumber } from './GmlNumber.ts'
import { inGmlWords } from './gmlWords.ts'
import { createHandlerList, type HandlerList } from './handlerList.ts'
import {
  createHandles,
  findThing,
  freeHandle,
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
  /** The handles of sockets that have ended in a tick: later events of it may be about them. */
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
  /** While it connects in the manner of `network_connect`: what is sent meanwhile. */
  early: EarlySends | undefined
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
  freeOfGoneWorlds()
  const handles = new Map<EntityId, number>()
  const ended = { tick: network.tickEvents.tick, handles: new Map<EntityId, number>() }
  network.warner.translate = (message) => inGmlWords(message, (entity) => handles.get(entity))
  observe(network.world, onRemove(Socket), (entity) => {
    const handle = handles.get(entity)
    if (handle === undefined) return
    handles.delete(entity)
    freeSocket(gml, entity, handle)
  })
  const gml: GmlWorld = {
    network,
    handles,
    ended,
    networking: createHandlerList(),
    saveLoad: createHandlerList(),
    subscription: undefined,
    finished: [],
    told: { client_disconnect: false, malformed: 'discard' },
  }
  return gml
}

/** Frees the handles of worlds that were deleted, which hold on to them: a game may never ask for one again. */
function freeOfGoneWorlds(): void {
  for (const [handle, { gml, entity }] of sockets.things)
    if (!gml.network.isAlive()) freeSocket(gml, entity, handle)
}

/** Takes a socket's handle out of use. In the events of a tick it means one socket only: it is given again after that. */
function freeSocket({ network, ended }: GmlWorld, entity: EntityId, handle: number): void {
  const { tickEvents } = network
  const { tick } = tickEvents
  const isOver = (): boolean => tickEvents.phase !== 'dispatching' || tickEvents.tick !== tick
  freeHandle(sockets, handle, isOver)
  if (isOver()) return
  if (ended.tick !== tick) ended.handles.clear()
  ended.tick = tick
  ended.handles.set(entity, handle)
}

/** The handle of a socket's entity. */
export function handleOf(gml: GmlWorld, entity: EntityId): number {
  const known = gml.handles.get(entity)
  if (known !== undefined) return known
  const handle = giveHandle(sockets, createGmlSocket(gml, entity))
  if (gml.network.sockets.has(entity)) gml.handles.set(entity, handle)
  else freeSocket(gml, entity, handle)
  return handle
}

function createGmlSocket(gml: GmlWorld, entity: EntityId): GmlSocket {
  return { gml, entity, url: '', protocol: undefined, early: undefined }
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
  const { gml, entity } = socket
  if (gml.network.isAlive() && gml.network.sockets.has(entity)) return socket
  // The world is deleted, or has begun anew; or the socket is being removed, whose observer then finds nothing to free.
  gml.handles.delete(entity)
  freeSocket(gml, entity, handleNumber(where, 'socket', handle))
  return undefined
}

/** What a network function gives for a socket that does not exist. */
export function noSocket(where: string, handle: GmlNumber): -1 {
  if (settings.unknown_socket === 'error') throw unknownHandle(where, sockets, handle)
  return -1
}
