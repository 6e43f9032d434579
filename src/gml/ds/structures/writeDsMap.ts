import { type DsMap } from './DsMap.ts'
import { writeWritten } from './writeWritten.ts'
import { WrittenVersion } from './writtenTypes.ts'

/**
 * The text of a map, as GameMaker's `ds_map_write` has it; `readDsMap` reads it. Owned children are written as the numbers
 * that their handles are.
 *
 * @throws RangeError as `writeWritten`
 */
export function writeDsMap(where: string, { entries }: DsMap): string {
  const values = Array.from(entries.values(), ({ key, value }) => [key, value]).flat()
  return writeWritten(where, WrittenVersion.map, entries.size, values)
}
