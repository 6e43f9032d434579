// ds_list_sort and ds_list_shuffle: the order of a list's values.

import { boundWorld } from '../binding.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { toNumber } from '../toNumber.ts'
import { listToChange } from './dsHandles.ts'
import { shuffleItems, sortItems } from './structures/orderItems.ts'

/**
 * Sorts a list: numbers by size, with booleans as 0 and 1 and bigints among them, then NaN, then strings by their
 * characters, then whatever else there is. `undefined` stands last in both directions, as in the HTML5 runner. What is
 * equal keeps its order. Maps and lists that the list owns stay its own.
 *
 * @param ascend whether the smallest comes first; otherwise the largest
 */
export function ds_list_sort(id: GmlNumber, ascend: GmlNumber): void {
  const where = 'ds_list_sort'
  const list = listToChange(where, id)
  const isAscending = toNumber(where, 'ascend', ascend) > 0.5
  if (list !== undefined) sortItems(list, isAscending)
}

/**
 * Brings a list into a random order, each as likely as any other. The random numbers are those of the world that calls act
 * on: `setNetworkConfig(world, { random })` of the main face changes them. GameMaker's `random_set_seed` does not exist.
 */
export function ds_list_shuffle(id: GmlNumber): void {
  const where = 'ds_list_shuffle'
  const list = listToChange(where, id)
  if (list !== undefined) shuffleItems(list, boundWorld(where).network.config.random)
}
