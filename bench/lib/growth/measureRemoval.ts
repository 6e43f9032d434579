// Removing a server with all its clients, as long as that takes a bearable time.
import { type EntityId, type World } from 'bitecs'
import { clientsOf, createCrowd } from '../createCrowd.ts'
import { median } from '../statistics.ts'
import { type Figure } from './Figure.ts'

const boundMs = 20_000
/** Repeated only while that is cheap. */
const repeatMs = 500
const repeats = 5

/**
 * Milliseconds for each size, the sizes rising. One is left out when the growth so far says that it would take longer
 * than the bound.
 */
export function measureRemoval(
  sizes: readonly number[],
  remove: (world: World, server: EntityId) => void,
): readonly Figure[] {
  const known: { size: number; ms: number }[] = []
  return sizes.map((size) => {
    if (expectedMs(known, size) > boundMs) return { above: boundMs }
    const ms = removalMs(size, remove)
    known.push({ size, ms })
    return ms
  })
}

/** Continues the growth between the last two sizes; growth in proportion is the least. */
export function expectedMs(
  known: readonly { readonly size: number; readonly ms: number }[],
  size: number,
): number {
  const [before, last] = known.slice(-2)
  if (before === undefined || last === undefined) return 0
  const power = Math.log(last.ms / before.ms) / Math.log(last.size / before.size)
  return last.ms * (size / last.size) ** Math.max(1, power)
}

function removalMs(size: number, remove: (world: World, server: EntityId) => void): number {
  const taken: number[] = []
  do {
    const crowd = createCrowd(size)
    const started = performance.now()
    remove(crowd.world, crowd.server)
    taken.push(performance.now() - started)
    if (clientsOf(crowd).length > 0) throw new Error('clients stayed after their server')
  } while (taken.length < repeats && Math.max(...taken) < repeatMs)
  return median(taken)
}
