import { posix } from 'node:path'
import { type Floors, isPackage, mayReach } from './Floors.ts'

/** A small tree that keeps to the floors: each room has a stub, and a file that imports all that the room's line names. */
export function stubTree(floors: Floors): Record<string, string> {
  const files: Record<string, string> = {}
  for (const room of Object.keys(floors)) {
    files[stubOf(room)] = stubText(room)
    const uses = room.endsWith('.ts') ? stubOf(room) : `${room}/uses.ts`
    files[uses] = [files[uses] ?? '', ...usesOf(floors, room, uses)].join('\n')
  }
  return files
}

/** The stub of a room: the room itself when that is a file. */
export function stubOf(room: string): string {
  if (!room.endsWith('.ts')) return `${room}/stub.ts`
  return room.replace(/\{(\w+),.*\}/, '$1').replace('*', 'node')
}

/** What `file` says to have the type of a stub. */
export function typeFrom(file: string, stub: string, name = 'Other'): string {
  const path = posix.relative(posix.dirname(file), stub)
  return `export { type Stub as ${name} } from '${path.startsWith('.') ? path : `./${path}`}'`
}

function stubText(room: string): string {
  return `export interface Stub {\n  room: string\n}\nexport const stub: Stub = { room: '${room}' }`
}

function usesOf(floors: Floors, room: string, uses: string): string[] {
  const own = room.endsWith('.ts') ? [] : [room]
  const others = Object.keys(floors).filter(
    (other) => other !== room && !other.includes('*') && mayReach(floors, room, other),
  )
  return [
    ...[...own, ...others].map((other, index) => typeFrom(uses, stubOf(other), `Other${index}`)),
    ...(floors[room] ?? []).filter(isPackage).map(packageImport),
  ]
}

/** What a file says to have something of a package: `node:*`, `@noble/hashes/**`, `EntityId of bitecs`. */
function packageImport(word: string, index: number): string {
  const [name = 'Thing', of = name] = word.split(' of ')
  const path = of.replace('node:*', 'node:fs/promises').replace('/**', '/legacy.js')
  return `export { type ${/^[A-Z]/.test(name) ? name : 'Thing'} as Package${index} } from '${path}'`
}
