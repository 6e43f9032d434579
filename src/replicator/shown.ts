import type { World } from 'bitecs'
import { wrongType } from '../errors/argumentErrors.ts'
import { replicatorOf } from './Replicator.ts'

/**
 * The store to draw a component from: with the same fields, filled by `InterpolationSystem` where the component is declared with
 * `interpolate`; of any other the component itself. Components keep what the server has sent last; what is drawn is not written
 * into them. It is the same store at each call, and has values for replicas only.
 *
 * ```ts
 * const at = shown(world, Position)
 * for (const entity of query(world, [Position, Shown])) draw(at.x[entity]!, at.y[entity]!)
 * ```
 *
 * @param component as it was declared; one that is a function is its store in this world
 * @throws Error before `replicate`; TypeError for a component that is not declared
 */
export function shown<Store extends object>(world: World, component: (world: never) => Store): Store
export function shown<Component extends object>(world: World, component: Component): Component
export function shown(world: World, component: object): object {
  const replicator = replicatorOf('shown', world)
  const { components } = replicator
  const declared = components.find(
    (each) => each.component === component || each.store === component,
  )
  if (declared === undefined)
    throw wrongType('shown', 'component', 'one that replicate has declared', component)
  if (declared.shown === undefined) return declared.store
  replicator.needsFrames = true
  return declared.shown.store
}
