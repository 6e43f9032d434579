import { createWorld, deleteWorld, type EntityId, resetWorld } from 'bitecs'
import { closeNetwork, flushNetwork, type NetworkConfig, NetworkSystem } from 'bitecs-networking'
import { expectThrow, type Link, type LinkEnds, type Place, tickOf } from './model.ts'

export function createPlace(name: string, settings: number): Place {
  return {
    name,
    world: createWorld(),
    servers: [],
    clients: new Map(),
    accepted: new Map(),
    plain: new Set(),
    armed: [],
    isTicking: false,
    ticks: 0,
    sentBefore: 0,
    tellsLoss: (settings & 1) === 1,
    isAsync: (settings & 2) === 2,
    thrown: [],
  }
}

/** The limits of a world, of which there are many kinds. */
export function configOf({ tellsLoss, isAsync }: Place, settings: number): Partial<NetworkConfig> {
  return {
    clientDisconnectEvents: tellsLoss,
    nonBlocking: isAsync,
    eventsPerTickMax: [4_096, 1, 3, 10][settings & 3]!,
    eventsPerSocketMax: [256, 1, 2, 5][(settings >> 2) & 3]!,
    queuedEventsMax: [1_024, 1, 4, 20][(settings >> 4) & 3]!,
    clientSendQueueBytesMax: [100_000, 500][(settings >> 1) & 1]!,
    acceptedSendQueueBytesMax: [100_000, 500][settings & 1]!,
  }
}

export function createLink(number: number, { guest, client, host, server, raw }: LinkEnds): Link {
  return {
    number,
    raw,
    guest,
    client,
    host,
    port: server.port,
    isReal: raw === server.raw,
    accepted: undefined,
    connects: 0,
    disconnects: 0,
    results: 0,
    losses: 0,
    byEvent: guest.isAsync,
    tellsLoss: guest.tellsLoss,
    guestGone: false,
    hostGone: false,
    madeInTick: tickOf(host),
    guestGoneInTick: 0,
    hostGoneInTick: 0,
    up: { sent: [], arrived: 0 },
    down: { sent: [], arrived: 0 },
  }
}

export function endByGuest(link: Link): void {
  if (!link.guestGone) link.guestGoneInTick = tickOf(link.host)
  link.guestGone = true
}

function endByHost(link: Link): void {
  if (!link.hostGone) link.hostGoneInTick = tickOf(link.guest)
  link.hostGone = true
}

export function forgetClient(place: Place, entity: EntityId): void {
  const link = place.clients.get(entity)
  if (link !== undefined) endByGuest(link)
  place.clients.delete(entity)
}

export function forgetAccepted(place: Place, entity: EntityId): void {
  const link = place.accepted.get(entity)
  if (link !== undefined) endByHost(link)
  place.accepted.delete(entity)
}

export function forgetServer(place: Place, entity: EntityId, links: readonly Link[]): void {
  const server = place.servers.find((it) => it.entity === entity)
  if (server === undefined) return
  place.servers = place.servers.filter((it) => it !== server)
  for (const link of links) if (link.port === server.port) endByHost(link)
  for (const [client, link] of Array.from(place.accepted))
    if (link.hostGone) place.accepted.delete(client)
}

/** Forgets all sockets of a world. */
export function forgetAll(place: Place, links: readonly Link[]): void {
  for (const entity of Array.from(place.clients.keys())) forgetClient(place, entity)
  for (const { entity } of Array.from(place.servers)) forgetServer(place, entity, links)
}

/** The world goes, with all its connections, and a new one takes its place. */
export function renewWorld(place: Place, how: number): void {
  const { world } = place
  place.plain.clear()
  if (how % 3 === 0) {
    // Without the call the connections end when something arrives for the world.
    closeNetwork(world)
    deleteWorld(world)
  } else if (how % 3 === 1) {
    deleteWorld(world)
    expectThrow(() => NetworkSystem(world), TypeError)
  } else {
    resetWorld(world)
    flushNetwork(world)
  }
  place.world = how % 3 === 2 && !place.isTicking ? world : createWorld()
}
