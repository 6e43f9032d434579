import type { World } from 'bitecs'
import {
  type AsyncLoad,
  type DataLoad,
  type DisconnectLoad,
  DisconnectReason,
  getBufferBytes,
  NetworkType,
  Socket,
} from '../index.ts'
import { type EventFacts } from './printEvent.ts'

/** What is printed of an event: its keys, and why a connection has ended. The bytes end with the event. */
export function eventFacts(world: World, asyncLoad: AsyncLoad): EventFacts {
  const { type, buffer: _, ...keys } = asyncLoad.toJSON()
  const name = nameIn(NetworkType, type)
  if (asyncLoad.type === NetworkType.data) return { type: name, keys, bytes: payloadOf(asyncLoad) }
  if (asyncLoad.type !== NetworkType.disconnect) return { type: name, keys }
  return { type: name, keys: { ...keys, reason: reasonOf(world, asyncLoad) } }
}

/** The message of a data event, valid as long as the event. */
export function payloadOf({ buffer, size }: DataLoad): Uint8Array {
  return getBufferBytes(buffer).subarray(0, size)
}

/** Why a connection has ended: the name of a `DisconnectReason`. */
export function reasonOf(world: World, { socket }: DisconnectLoad): string {
  return nameIn(DisconnectReason, Socket(world).disconnectReason[socket])
}

function nameIn(names: Readonly<Record<string, unknown>>, value: unknown): string {
  return Object.entries(names).find(([, each]) => each === value)?.[0] ?? String(value)
}
