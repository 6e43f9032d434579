import { addComponent, addEntity, type EntityId, type World } from 'bitecs'
import { type AsyncLoad, getBufferBytes, onNetworking, SubscribedTo } from 'bitecs-networking'

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
  const recorder = addEntity(world)
  if (socket !== undefined) addComponent(world, recorder, SubscribedTo(socket))
  onNetworking(world, recorder, (_world, _self, asyncLoad) => events.push(copyOf(asyncLoad)))
  return events
}

/** The messages among these events, of one socket if given, as hex. */
export function messagesOf(events: readonly EventCopy[], socket?: EntityId): string[] {
  return events.flatMap(({ buffer, id }) =>
    buffer === undefined || (socket !== undefined && socket !== id) ? [] : [buffer],
  )
}

function copyOf(asyncLoad: AsyncLoad): EventCopy {
  const copy = asyncLoad.toJSON()
  if ('buffer' in asyncLoad)
    copy['buffer'] = Buffer.from(getBufferBytes(asyncLoad.buffer)).toString('hex')
  return copy as unknown as EventCopy
}
