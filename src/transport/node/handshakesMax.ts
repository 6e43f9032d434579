// How many connections of a server may be on their way, by what the process may open.

import { readFileSync } from 'node:fs'

const fewest = 1_024
const most = 4_096

let known: number | undefined

/**
 * How many connections of a server may be on their way at most: a crowd that comes at once needs many, but silent connections must
 * leave most of the files that the process may open to players.
 */
export function handshakesMax(): number {
  return (known ??= handshakesFor(readLimits()))
}

/** The same for what Linux says of a process's limits; the fewest for ''. */
export function handshakesFor(limits: string): number {
  const files = /^Max open files +(\d+)/m.exec(limits)?.[1] ?? 0
  return Math.min(Math.max(fewest, Math.floor(Number(files) / 4)), most)
}

function readLimits(): string {
  // Deno would ask its user whether it may.
  if ('deno' in process.versions) return ''
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return ''
  }
}
