import { addEntry, createDsMap, type DsMap } from './DsMap.ts'
import { readWritten } from './readWritten.ts'
import { WrittenVersion } from './writtenTypes.ts'

/** Reads what `writeDsMap` or GameMaker's `ds_map_write` wrote. Returns `undefined` for any other text. */
export function readDsMap(text: string): DsMap | undefined {
  return readWritten(text, WrittenVersion.map, (count, next) => {
    const map = createDsMap()
    for (let i = 0; i < count; i++) {
      const key = next()
      addEntry(map, key, next())
    }
    return map
  })
}
