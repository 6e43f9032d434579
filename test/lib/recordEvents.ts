import { addEntity, type EntityId, type World } from 'bitecs'
import {
  type AsyncLoad,
  getBufferBytes,
  type NetworkingOptions,
  NetworkType,
  onNetworking,
  Socket,
} from 'bitecs-networking'

/** What a Networking event said: its keys, with the buffer as hex. */
export interface EventCopy {
  readonly type: number
  readonly id: EntityId
  readonly ip: string
  readonly port: number
  readonly socket?: EntityId
  readonly succeeded?: number
  readonly buffer?: string
  readonly size?: number
  readonly server?: EntityId
  readonly message_type?: number
}

/** Keeps a copy of every event of a world, or of one socket, from now on. */
export function recordEvents(world: World, socket?: EntityId): EventCopy[] {
  const events: EventCopy[] = []
  const options = socket === undefined ? {} : { from: socket }
  onEach(world, (asyncLoad) => events.push(copyOf(asyncLoad)), addEntity(world), options)
  return events
}

/** The messages among these events, of one socket if given, as hex. */
export function messagesOf(events: readonly EventCopy[], socket?: EntityId): string[] {
  return events.flatMap(({ buffer, id }) =>
    buffer === undefined || (socket !== undefined && socket !== id) ? [] : [buffer],
  )
}

export function typesOf(events: readonly EventCopy[]): number[] {
  return events.map(({ type }) => type)
}

/** How a connection ended: as the store of `Socket` shows it in the disconnect event. */
export interface RecordedEnd {
  readonly reason: number
  readonly discarded: number
}

/** Keeps how each connection of a world ends, from now on. */
export function recordEnds(world: World): RecordedEnd[] {
  const ends: RecordedEnd[] = []
  onEach(world, (asyncLoad) => {
    if (asyncLoad.type !== NetworkType.disconnect) return
    const { disconnectReason, discardedBytes } = Socket(world)
    const { socket } = asyncLoad
    ends.push({ reason: disconnectReason[socket]!, discarded: discardedBytes[socket]! })
  })
  return ends
}

/** Keeps a line of every event (`lineOf`) from now on, by a new subscriber if none is given. */
export function logOf(world: World, subscriber?: EntityId, options?: NetworkingOptions): string[] {
  const lines: string[] = []
  onEach(world, (asyncLoad) => lines.push(lineOf(asyncLoad)), subscriber, options)
  return lines
}

/** An event in one line: `connect 3`, `data 3 hello`, `disconnect 3`, `result 1 2`. */
export function lineOf(asyncLoad: AsyncLoad): string {
  if (asyncLoad.type === NetworkType.data) return `data ${asyncLoad.id} ${textOf(asyncLoad)}`
  const { socket, succeeded } = asyncLoad
  if (asyncLoad.type === NetworkType.connect) return `connect ${socket}`
  if (asyncLoad.type === NetworkType.disconnect) return `disconnect ${socket}`
  return `result ${succeeded} ${socket}`
}

/** The text of a data event. */
export function textOf(asyncLoad: AsyncLoad): string {
  return asyncLoad.type === NetworkType.data
    ? Buffer.from(getBufferBytes(asyncLoad.buffer)).toString()
    : ''
}

/** Does something for each event, by a new subscriber if none is given; the subscriber. */
export function onEach(
  world: World,
  run: (asyncLoad: AsyncLoad) => void,
  subscriber: EntityId = addEntity(world),
  options: NetworkingOptions = {},
): EntityId {
  onNetworking(world, subscriber, (_world, _self, asyncLoad) => run(asyncLoad), options)
  return subscriber
}

/** Does something once, for the first event from now on. */
export function once(world: World, run: (asyncLoad: AsyncLoad) => void): void {
  let isDone = false
  onEach(world, (asyncLoad) => {
    if (isDone) return
    isDone = true
    run(asyncLoad)
  })
}

function copyOf(asyncLoad: AsyncLoad): EventCopy {
  const copy = asyncLoad.toJSON()
  if ('buffer' in asyncLoad)
    copy['buffer'] = Buffer.from(getBufferBytes(asyncLoad.buffer)).toString('hex')
  return copy as unknown as EventCopy
}
