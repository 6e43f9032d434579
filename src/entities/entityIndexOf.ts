import { $internal, type InternalWorld, type World } from 'bitecs'

/** What `resetWorld` and `deleteWorld` of bitECS replace: the same index is the same world. `undefined` of a deleted world. */
export function entityIndexOf(
  world: World,
): InternalWorld[typeof $internal]['entityIndex'] | undefined {
  return (world as Partial<InternalWorld>)[$internal]?.entityIndex
}
