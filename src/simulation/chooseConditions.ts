import { show } from '../errors/argumentErrors.ts'
import { type LinkConditions, perfectLine, withChanges } from './LinkConditions.ts'
import { type ConditionsChoice } from './MemoryNetwork.ts'
import { presets } from './presets.ts'

/**
 * The conditions that are chosen: a preset, or `before` with what is named changed.
 *
 * @throws TypeError or RangeError for conditions that there are not
 */
export function chooseConditions(
  where: string,
  before: LinkConditions,
  choice: ConditionsChoice,
): LinkConditions {
  if (typeof choice !== 'string') return withChanges(where, before, choice)
  if (!Object.hasOwn(presets, choice)) {
    const known = Object.keys(presets).join(', ')
    throw new TypeError(`${where}: there are no conditions ${show(choice)}; there are ${known}`)
  }
  return { ...perfectLine, ...presets[choice] }
}
