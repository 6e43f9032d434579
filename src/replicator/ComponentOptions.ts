import { wrongType } from '../errors/argumentErrors.ts'
import { type OptionCheck, type OptionTable } from '../errors/checkOptions.ts'
import { checkBoolean } from '../errors/optionChecks.ts'

/** How a component is replicated. */
export interface ComponentOptions {
  /**
   * `shown` has values between those of two snapshots: mixed (`true`), or those of the last one (`'step'`), each when its time
   * has come. Default: `shown` is the component itself.
   */
  readonly interpolate?: boolean | 'step'
  /** With `interpolate: true`: a change of a field by more than this is not mixed. */
  readonly teleport?: number
  /** The owner of the entity alone receives it, or all others do. Default: all. */
  readonly to?: 'owner' | 'others'
  /** Entities with it come earlier when a snapshot cannot hold all that has changed: 2 is twice as urgent. Default: 1. */
  readonly priority?: number
  /** On the server the component itself gets the rounded value that was sent, so that both ends go on from the same number. */
  readonly snap?: boolean
  /** It is read when the entity is first replicated; later changes are not sent. */
  readonly once?: boolean
  /** Where the values are, of a component that is a function: its store in this world. */
  readonly store?: object
}

const checkPositive: OptionCheck = (where, name, value) => {
  if (typeof value !== 'number' || !(value > 0))
    throw wrongType(where, name, 'a number above 0', value)
}

export const componentOptionChecks: OptionTable<ComponentOptions> = {
  interpolate(where, name, value) {
    if (typeof value !== 'boolean' && value !== 'step')
      throw wrongType(where, name, "true, false or 'step'", value)
  },
  teleport: checkPositive,
  to(where, name, value) {
    if (value !== 'owner' && value !== 'others')
      throw wrongType(where, name, "'owner' or 'others'", value)
  },
  priority: checkPositive,
  snap: checkBoolean,
  once: checkBoolean,
  store(where, name, value) {
    if (typeof value !== 'object' || value === null)
      throw wrongType(where, name, 'an object', value)
  },
}
