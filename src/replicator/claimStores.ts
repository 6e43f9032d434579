import { type World } from 'bitecs'
import { entityIndexOf } from '../entities/entityIndexOf.ts'
import { type DeclaredComponent } from './Declared.ts'

/** Which world each store is replicated with. */
const worlds = new WeakMap<object, WeakRef<World>>()

/**
 * Notes that stores are a world's.
 *
 * @throws TypeError if one is another's, which would overwrite it
 */
export function claimStores(world: World, components: readonly DeclaredComponent[]): void {
  const claims = components.flatMap(({ name, declared }) =>
    declared.flatMap(({ columns }) => columns.map(({ values }) => ({ name, values }))),
  )
  for (const { name, values } of claims) {
    const other = worlds.get(values)?.deref()
    if (other !== undefined && other !== world && entityIndexOf(other) !== undefined)
      throw new TypeError(
        `replicate: the store of ${name} is replicated with another world, and two worlds give out the same ids: each needs its own, as createWorld({ ${name}: { x: [], y: [] } }) has, or else deleteWorld(theOther) first`,
      )
  }
  const ref = new WeakRef(world)
  for (const { values } of claims) worlds.set(values, ref)
}
