import { type EntityId, type World } from 'bitecs'

/** A number for every kind of thing that a run can do; the others choose among what there is. */
export type Command = readonly [kind: number, a: number, b: number, c: number]

/** One direction of a connection. */
export interface Flow {
  /** Bytes of every message that was taken for sending. */
  readonly sent: Uint8Array[]
  /** Packet mode: how many arrived. Raw mode: how many bytes. */
  arrived: number
}

/** A connection as it should be. */
export interface Link {
  readonly number: number
  readonly raw: boolean
  readonly guest: Place
  readonly client: EntityId
  readonly host: Place
  /** The server's port, which no two servers of a run share. */
  readonly port: number
  /** Whether the two ends speak the same mode, so that there is a connection at all. */
  readonly isReal: boolean
  accepted: EntityId | undefined
  /** Events of the host. */
  connects: number
  disconnects: number
  /** Events of the guest. */
  results: number
  losses: number
  readonly byEvent: boolean
  readonly tellsLoss: boolean
  /** Ended by this side. */
  guestGone: boolean
  hostGone: boolean
  /** The tick of its host that it was made in, that of its host or guest that the other side ended it in; 0 if none ran. */
  readonly madeInTick: number
  guestGoneInTick: number
  hostGoneInTick: number
  readonly up: Flow
  readonly down: Flow
}

/** A server as it should be. */
interface Server {
  readonly entity: EntityId
  readonly port: number
  readonly raw: boolean
}

/** What a connection is made of. */
export interface LinkEnds {
  readonly guest: Place
  readonly client: EntityId
  readonly host: Place
  readonly server: Server
  /** The mode of the client. */
  readonly raw: boolean
}

/** A world and what is expected of it. It may be replaced by a new one. */
export interface Place {
  readonly name: string
  world: World
  servers: Server[]
  clients: Map<EntityId, Link | undefined>
  accepted: Map<EntityId, Link>
  /** Entities of the game that are no sockets: nobody else may touch them. */
  plain: Set<EntityId>
  armed: Command[]
  isTicking: boolean
  /** How many ticks have begun, and the last message that was sent before the last of them. */
  ticks: number
  sentBefore: number
  tellsLoss: boolean
  isAsync: boolean
  thrown: unknown[]
}

/** The tick that a place is in, 0 if it is in none. */
export function tickOf({ isTicking, ticks }: Place): number {
  return isTicking ? ticks : 0
}

/** What a check inside a handler throws; it comes back out of NetworkSystem. */
export class Failure extends Error {}

export function checkComplete(where: string, { raw }: Link, { sent, arrived }: Flow): void {
  const expected = raw ? Buffer.concat(sent).length : sent.length
  if (arrived !== expected) throw new Error(`${where}: ${arrived} of ${expected} arrived`)
}

export function pick<T>(list: readonly T[], index: number): T {
  return list[index % list.length]!
}

export function pickKey<K>(map: ReadonlyMap<K, unknown>, index: number): K | undefined {
  return [...map.keys()][index % Math.max(1, map.size)]
}

export function expectThrow(run: () => unknown, type: typeof Error): void {
  try {
    run()
  } catch (error) {
    if (error instanceof type) return
    throw error
  }
  throw new Error('nothing was thrown')
}

/** A socket of a place, of a client or accepted. */
export function pickSocket({ clients, accepted }: Place, index: number): EntityId | undefined {
  const sockets = [...clients.keys(), ...accepted.keys()]
  return sockets[index % Math.max(1, sockets.length)]
}
