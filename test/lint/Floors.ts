import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The rooms from the ground up, and what the line of each names. */
export type Floors = Readonly<Record<string, readonly string[]>>

/** Loads `scripts/floors.mjs`, which the type checker does not see. */
export async function loadFloors(): Promise<Floors> {
  const { floors }: { floors: Floors } = await import(
    pathToFileURL(resolve('scripts', 'floors.mjs')).href
  )
  return floors
}

/** Whether the pattern of a line (`src/protocol`, `src/transport/*`, `src/gml/**`) names the room. */
export function isNamedBy(pattern: string, room: string): boolean {
  const base = pattern.replace(/\/\*\*?$/, '')
  if (room.startsWith(`${base}/`)) return pattern !== base
  return room === base && !pattern.endsWith('/*')
}

/** Whether files of `room` may import files of `other`, a room that has no `*` in its name. */
export function mayReach(floors: Floors, room: string, other: string): boolean {
  const words = floors[room] ?? []
  const rooms = Object.keys(floors)
  if (words.some((word) => word.startsWith('not ') && isNamedBy(word.slice(4), other))) return false
  if (words.includes('anything') || words.some((word) => isNamedBy(word, other))) return true
  return words.includes('everything above') && rooms.indexOf(other) < rooms.indexOf(room)
}

/** Whether a word of a line is a package or a name in one, and no room: `bitecs`, `node:*`, `#files`, `EntityId of bitecs`. */
export function isPackage(word: string): boolean {
  return /^(#\w+|node:\*|@[\w-]+\/.+|bitecs|pako|ws|\w+ of \w+)$/.test(word)
}
