import { addItem, createDsList, type DsList } from './DsList.ts'
import { readWritten } from './readWritten.ts'
import { WrittenVersion } from './writtenTypes.ts'

/** Reads what `writeDsList` or GameMaker's `ds_list_write` wrote. Returns `undefined` for any other text. */
export function readDsList(text: string): DsList | undefined {
  return readWritten(text, WrittenVersion.list, (count, next) => {
    const list = createDsList()
    for (let i = 0; i < count; i++) addItem(list, next())
    return list
  })
}
