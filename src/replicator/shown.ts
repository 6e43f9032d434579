import type { World } from 'bitecs'
import { wrongType } from '../errors/argumentErrors.ts'
import { replicatorOf } from './Replicator.ts'

/**
 * The store to draw a component from: with the same fields, filled by `InterpolationSystem` where the component is declared with
 * `interpolate`; of any other the component itself. Components keep what the server has sent last; what is drawn is not written
 * into them. It is the same store at each call.
 *
 * @throws Error before `replicate`; TypeError for a component that is not declared
 */
export function shown<Component extends object>(world: World, component: Component): Component {
  const { components } = replicatorOf('shown', world)
  const declared = components.find(
    (each) => each.component === component || each.store === component,
  )
  if (declared === undefined)
    throw wrongType('shown', 'component', 'one that replicate has declared', component)
  return (declared.shown?.store ?? declared.store) as Component
}
