import { type World } from 'bitecs'
import { networkOf } from '../network/networkOf.ts'
import { type Declaration, declareComponents } from './declareComponents.ts'
import { claimStores } from './claimStores.ts'
import { createReplicator, findReplicator } from './Replicator.ts'
import { watchSessions } from './sessions.ts'
import { takePacket } from './takePacket.ts'

const where = 'replicate'

/**
 * Says what of a world is replicated: components by name, what they hold, and how. Both ends call it with the same, best in a
 * function that they share; names, order and types must be equal, and joining fails with what differs.
 *
 * ```ts
 * replicate(world, {
 *   Position: [Position, { x: range(0, 1600, 1 / 16), y: range(0, 1000, 1 / 16) }, { interpolate: true }],
 *   Health: [Health, u8], // the component is itself an array
 *   Burning: [Burning], // a tag
 *   ChildOf: [ChildOf], // a relation: its targets
 * })
 * ```
 *
 * Typed arrays, and arrays tagged by `bitecs/serialization`, show their type themselves. Each world needs stores of its own, since
 * two worlds give out the same ids. A world that was reset must be declared again.
 *
 * @returns the world
 * @throws TypeError or RangeError for what cannot be replicated so, for an unknown option, and for a store of another world;
 * Error for a world that was declared before
 */
export function replicate<W extends World>(
  world: W,
  components: Readonly<Record<string, Declaration>>,
): W {
  const network = networkOf(where, world)
  if (findReplicator(where, world) !== undefined)
    throw new Error(`${where}: the world was declared before; name all its components in one call`)
  const declarations = declareComponents(components)
  claimStores(world, declarations.components)
  const { schema, components: declared } = declarations
  const replicator = createReplicator(network, schema, declared, takePacket)
  watchSessions(replicator)
  return world
}
