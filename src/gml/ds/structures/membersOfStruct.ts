import { untilNul } from '../../../buffer/utf8.ts'
import { show } from '../../../errors/argumentErrors.ts'

/**
 * The members of a struct, by names as GameMaker has them: up to a NUL.
 *
 * @throws RangeError for two names that are the same then
 */
export function membersOfStruct(where: string, struct: object): Map<string, unknown> {
  const members = new Map<string, unknown>()
  for (const [name, value] of Object.entries(struct)) {
    const own = untilNul(name)
    if (members.has(own))
      throw new RangeError(`${where}: two names of a struct are the same up to a NUL, ${show(own)}`)
    members.set(own, value)
  }
  return members
}
