import { isIterable, wrongType } from './argumentErrors.ts'

/** The entities of an argument that may have several: of an array, or of anything that iterates. */
export function checkEntities(where: string, name: string, value: unknown): Iterable<number> {
  if (!isIterable(value)) throw wrongType(where, name, 'an entity or several', value)
  const entities = Array.isArray(value) || ArrayBuffer.isView(value) ? value : [...value]
  for (const entity of entities as Iterable<unknown>)
    if (typeof entity !== 'number') throw wrongType(where, name, 'an entity or several', entity)
  return entities as Iterable<number>
}
