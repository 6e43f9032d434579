import { $internal, type InternalWorld, type World } from 'bitecs'

/** Where bitECS keeps whether an entity has a component. */
export interface ComponentBit {
  /** By entity: the bits of 31 components. */
  readonly masks: readonly number[]
  readonly flag: number
}

/**
 * Finds the bit of a component, so that many entities can be asked for it without a look-up each: `(masks[entity]! & flag) !== 0`.
 * It stays where it is until the world is reset. `undefined` of a component that the world does not know yet.
 */
export function componentBit(world: World, component: unknown): ComponentBit | undefined {
  const { componentMap, entityMasks } = (world as InternalWorld)[$internal]
  const known = componentMap.get(component)
  return known && { masks: entityMasks[known.generationId]!, flag: known.bitflag }
}
