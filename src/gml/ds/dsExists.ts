import { checkNumber } from '../checkNumber.ts'
import { ds_type_list, ds_type_map } from '../constants.ts'
import { findList, findMap } from './dsHandles.ts'

/**
 * Whether a structure of this kind exists.
 *
 * @param type `ds_type_map` or `ds_type_list`; for GameMaker's other kinds, which do not exist here, false
 * @throws TypeError for what is no number
 */
export function ds_exists(ind: number, type: number): boolean {
  const where = 'ds_exists'
  const kind = checkNumber(where, 'type', type)
  const map = findMap(where, ind)
  if (kind === ds_type_map) return map !== undefined
  return kind === ds_type_list && findList(where, ind) !== undefined
}
