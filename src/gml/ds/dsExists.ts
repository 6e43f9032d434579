import { ds_type_list, ds_type_map } from '../constants.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { toNumber } from '../toNumber.ts'
import { findList, findMap } from './dsHandles.ts'

/**
 * Whether a structure of this kind exists.
 *
 * @param type `ds_type_map` or `ds_type_list`; for GameMaker's other kinds, which do not exist here, false
 * @throws TypeError for what does not stand for a number
 */
export function ds_exists(ind: GmlNumber, type: GmlNumber): boolean {
  const where = 'ds_exists'
  const kind = toNumber(where, 'type', type)
  const map = findMap(where, ind)
  if (kind === ds_type_map) return map !== undefined
  return kind === ds_type_list && findList(where, ind) !== undefined
}
