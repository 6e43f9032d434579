import { type World } from 'bitecs'
import { type AsyncLoad, DisconnectReason, getBufferBytes, NetworkType, Socket } from '../index.ts'
import { type EventFacts } from './printEvent.ts'

/** What is printed of an event: its keys, and why a connection has ended. The bytes end with the event. */
export function eventFacts(world: World, asyncLoad: AsyncLoad): EventFacts {
  const { type, buffer: _, ...keys } = asyncLoad.toJSON()
  const name = nameIn(NetworkType, type)
  if (asyncLoad.type === NetworkType.data)
    return { type: name, keys, bytes: getBufferBytes(asyncLoad.buffer).subarray(0, asyncLoad.size) }
  if (asyncLoad.type !== NetworkType.disconnect) return { type: name, keys }
  const reason = Socket(world).disconnectReason[asyncLoad.socket]
  return { type: name, keys: { ...keys, reason: nameIn(DisconnectReason, reason) } }
}

function nameIn(names: Readonly<Record<string, unknown>>, value: unknown): string {
  return Object.entries(names).find(([, each]) => each === value)?.[0] ?? String(value)
}
