import { type Column, type DeclaredField, type ShownStore } from './Declared.ts'
import { isValueArray, type ValueArray } from './storeTypes.ts'

const axes = ['x', 'y', 'z', 'w'] as const

/** A store of the same shape, for what is drawn. */
export function createShownStore(
  store: object,
  fields: readonly (DeclaredField & { readonly name: string })[],
): ShownStore {
  const objects: ValueArray[] = []
  if (isValueArray(store)) {
    const values: ValueArray = []
    const shown = fields.map(({ columns, ...field }) => ({
      ...field,
      columns: columns.map(({ key }): Column => ({ values, key })),
    }))
    if (shown.some(({ columns }) => columns[0]!.key !== undefined)) objects.push(values)
    return { store: values, fields: shown, objects }
  }
  const made: Record<string, unknown> = {}
  const shown = fields.map(({ columns, name, ...field }) => {
    if (columns.length === 1) {
      const values: ValueArray = []
      made[name] = values
      return { ...field, columns: [{ values, key: undefined }] }
    }
    const [mirrored, ofAxes] = mirrorRotation(columns, objects)
    if (name === '') Object.assign(made, mirrored)
    else made[name] = mirrored
    return { ...field, columns: ofAxes }
  })
  return { store: made, fields: shown, objects }
}

function mirrorRotation(columns: readonly Column[], objects: ValueArray[]): [object, Column[]] {
  if (columns[0]!.key !== undefined) {
    const values: ValueArray = []
    objects.push(values)
    return [values, columns.map(({ key }) => ({ values, key }))]
  }
  const made = axes.map((axis): [string, ValueArray] => [axis, []])
  return [Object.fromEntries(made), made.map(([, values]) => ({ values, key: undefined }))]
}
