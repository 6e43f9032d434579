import { type Column, type DeclaredField, type ShownStore } from './Declared.ts'
import { isValueArray, type ValueArray } from './storeTypes.ts'

type NamedField = DeclaredField & { readonly name: string }

const axes = ['x', 'y', 'z', 'w'] as const

/**
 * A store of the same shape, for what is drawn. What is not replicated, and references to entities, it has in common with the
 * component.
 */
export function createShownStore(store: object, fields: readonly NamedField[]): ShownStore {
  const objects: ValueArray[] = []
  if (isValueArray(store)) {
    const values = mirror(store)
    if (fields.some(({ columns }) => columns[0]!.key !== undefined)) objects.push(values)
    const shown = fields.map((field) => ({
      ...field,
      columns: field.columns.map(({ key }): Column => ({ values, key })),
    }))
    return { store: values, fields: shown, objects }
  }
  const made: Record<string, unknown> = { ...store }
  const shown = fields.map((field) => mirrorField(field, made, objects))
  return { store: made, fields: shown, objects }
}

/** An array of the same kind. Typed arrays do not grow, and have the same length. */
function mirror(values: ValueArray): ValueArray {
  if (Array.isArray(values)) return []
  const { constructor } = values as unknown as { constructor: new (length: number) => ValueArray }
  return new constructor((values as ArrayLike<unknown>).length)
}

function mirrorField(
  field: NamedField,
  made: Record<string, unknown>,
  objects: ValueArray[],
): NamedField {
  const { name, type, columns } = field
  if (type.kind === 'ref') return field
  if (columns.length === 1) {
    const values = mirror(columns[0]!.values)
    made[name] = values
    return { ...field, columns: [{ values, key: undefined }] }
  }
  if (columns[0]!.key !== undefined) {
    const values: ValueArray = []
    objects.push(values)
    made[name] = values
    return { ...field, columns: columns.map(({ key }) => ({ values, key })) }
  }
  const mirrored = columns.map(({ values }) => mirror(values))
  const named = Object.fromEntries(axes.map((axis, at) => [axis, mirrored[at]!]))
  if (name === '') Object.assign(made, named)
  else made[name] = named
  return { ...field, columns: mirrored.map((values) => ({ values, key: undefined })) }
}
