import { type DsList } from './DsList.ts'
import { writeWritten } from './writeWritten.ts'
import { WrittenVersion } from './writtenTypes.ts'

/**
 * The text of a list, as GameMaker's `ds_list_write` has it; `readDsList` reads it. Owned children are written as the
 * numbers that their handles are.
 *
 * @throws RangeError as `writeWritten`
 */
export function writeDsList(where: string, { items }: DsList): string {
  const values = items.map(({ value }) => value)
  return writeWritten(where, WrittenVersion.list, items.length, values)
}
