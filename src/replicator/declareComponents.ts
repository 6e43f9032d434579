import { isRelation } from 'bitecs'
import { isObject } from '../errors/isObject.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { checkOptions } from '../errors/checkOptions.ts'
import { type FieldType } from '../replication/FieldType.ts'
import { relation } from '../replication/fieldTypes.ts'
import { createSchema, isFieldType, type Schema } from '../replication/Schema.ts'
import { type ComponentDeclaration } from '../replication/SchemaComponent.ts'
import { Aos } from './aos.ts'
import { type ComponentOptions, componentOptionChecks } from './ComponentOptions.ts'
import { type Column, type DeclaredComponent } from './Declared.ts'
import { createShownStore } from './shownStore.ts'
import { holdsTexts, isValueArray, typeOfArray, type ValueArray } from './storeTypes.ts'

/** The types of a component's fields, by name. */
export type FieldTypes = Readonly<Record<string, FieldType>>

/**
 * A component, what it holds, and how it is replicated. Without types, or with `{}`, the store says what it holds: typed arrays,
 * and arrays tagged by `bitecs/serialization`, do. One without values is a tag.
 */
export type Declaration =
  | readonly [component: object]
  | readonly [component: object, type: FieldType | FieldTypes | Aos]
  | readonly [component: object, type: FieldType | FieldTypes | Aos, options: ComponentOptions]

const where = 'replicate'
const axes = ['x', 'y', 'z', 'w'] as const
const examples = 'such as f32 or range(0, 100, 0.1)'

/** A component whose store was looked at. */
interface Reading {
  readonly component: object
  readonly store: object
  readonly options: ComponentOptions
  readonly fields: ComponentDeclaration['fields']
  /** By the name of the field, the one without a name as `''`. */
  readonly columns: ReadonlyMap<string, readonly Column[]>
  readonly objects: readonly ValueArray[]
}

export interface Declarations {
  readonly schema: Schema
  readonly components: readonly DeclaredComponent[]
}

/** @throws TypeError or RangeError for what cannot be replicated so */
export function declareComponents(given: Readonly<Record<string, Declaration>>): Declarations {
  if (!isObject(given)) throw wrongType(where, 'components', 'an object', given)
  const readings = Object.entries(given).map(
    ([name, each]) => [name, readDeclaration(name, each)] as const,
  )
  const schema = createSchema(
    readings.map(([name, { fields, options }]): ComponentDeclaration => {
      const { to = 'all', interpolate = false } = options
      return {
        name,
        ...(fields && { fields }),
        to,
        interpolate: interpolate === true ? 'mixed' : interpolate,
      }
    }),
    where,
  )
  const components = schema.components.map((component, index): DeclaredComponent => {
    const { component: ref, store, columns, objects, options } = readings[index]![1]
    const declared = component.fields.map((field) => ({
      ...field,
      columns: columns.get(field.name) ?? [],
    }))
    return {
      ...component,
      component: ref,
      declared,
      store,
      shown: component.interpolate === false ? undefined : createShownStore(store, declared),
      objects,
      teleport: options.teleport ?? Infinity,
      priority: options.priority ?? 1,
      isSnapped: options.snap === true,
      isOnce: options.once === true,
    }
  })
  return { schema, components }
}

function readDeclaration(name: string, declaration: unknown): Reading {
  if (!Array.isArray(declaration) || declaration.length < 1 || declaration.length > 3)
    throw wrongType(
      where,
      name,
      '[component], [component, type] or [component, type, options]',
      declaration,
    )
  const [component, type, given = {}] = declaration as unknown[]
  if (!isObject(component) && typeof component !== 'function')
    throw wrongType(where, name, 'a component', component)
  const options = checkOptions(
    `${where}: ${name}`,
    'option',
    given as ComponentOptions,
    componentOptionChecks,
  )
  if (isRelation(component))
    return {
      component,
      store: component,
      options: refuseMixing(name, options),
      fields: relation,
      columns: new Map(),
      objects: [],
    }
  const store = options.store ?? component
  if (typeof store === 'function' && Object.keys(Object(type) as object).length > 0)
    throw new TypeError(
      `${where}: ${name} is a function; say where its values are, as in { store: ${name}(world) }`,
    )
  const reading = readStore(name, store, type)
  if (reading.columns.size === 0) refuseMixing(name, options)
  return { component, store, options, ...reading }
}

function refuseMixing(name: string, options: ComponentOptions): ComponentOptions {
  if (options.interpolate === true || options.interpolate === 'step')
    throw new TypeError(`${where}: ${name} has no values that could be interpolated`)
  return options
}

function readStore(
  name: string,
  store: object,
  type: unknown,
): Pick<Reading, 'fields' | 'columns' | 'objects'> {
  if (type instanceof Aos) return readObjects(name, store, type)
  if (isFieldType(type)) return readOne(name, store, type)
  if (type !== undefined && (!isObject(type) || Array.isArray(type)))
    throw wrongType(
      where,
      name,
      `declared with a type ${examples}, or with an object of types`,
      type,
    )
  if (isValueArray(store)) return readOne(name, store, typeFor(name, store))
  const isOpen = type === undefined || Object.keys(type).length === 0
  const types = isOpen ? typesOf(name, store) : (type as FieldTypes)
  const columns = new Map<string, readonly Column[]>()
  const objects: ValueArray[] = []
  for (const [field, each] of Object.entries(types)) {
    if (!isFieldType(each)) throw wrongType(where, `${name}.${field}`, `a type ${examples}`, each)
    columns.set(field, columnsOf(`${name}.${field}`, Reflect.get(store, field), each, objects))
  }
  return columns.size === 0
    ? { fields: undefined, columns, objects }
    : { fields: types, columns, objects }
}

/** A component that is itself an array; or a quaternion. */
function readOne(
  name: string,
  store: object,
  type: FieldType,
): Pick<Reading, 'fields' | 'columns' | 'objects'> {
  const objects: ValueArray[] = []
  return { fields: type, columns: new Map([['', columnsOf(name, store, type, objects)]]), objects }
}

/** An array of objects. */
function readObjects(
  name: string,
  store: object,
  { fields }: Aos,
): Pick<Reading, 'fields' | 'columns' | 'objects'> {
  if (!Array.isArray(store)) throw wrongType(where, name, 'an array of objects', store)
  const values: ValueArray = store
  const columns = Object.entries(fields).map(([key, type]): [string, Column[]] => {
    if (!isFieldType(type) || type.kind === 'quaternion')
      throw wrongType(where, `${name}.${key}`, `a type ${examples}`, type)
    return [key, [{ values, key }]]
  })
  return { fields, columns: new Map(columns), objects: [values] }
}

function columnsOf(name: string, store: unknown, type: FieldType, objects: ValueArray[]): Column[] {
  if (type.kind === 'relation') throw new TypeError(`${where}: ${name} is not a relation of bitECS`)
  if (type.kind !== 'quaternion') {
    if (!isValueArray(store)) throw wrongStore(name, store)
    return [{ values: store, key: undefined }]
  }
  if (Array.isArray(store)) {
    const values: ValueArray = store
    objects.push(values)
    return axes.map((key) => ({ values, key }))
  }
  return axes.map((axis) => {
    const values: unknown = Reflect.get(Object(store) as object, axis)
    if (!isValueArray(values)) throw wrongType(where, `${name}.${axis}`, 'an array', values)
    return { values, key: undefined }
  })
}

function wrongStore(name: string, store: unknown): TypeError {
  const error = wrongType(where, name, 'an array', store)
  const field = isObject(store) ? Object.keys(store)[0] : undefined
  if (field !== undefined) error.message += `; types of its fields are an object, { ${field}: … }`
  return error
}

/** The types that a store shows itself. */
function typesOf(name: string, store: object): FieldTypes {
  const arrays = Object.entries(store).filter((entry): entry is [string, ValueArray] =>
    isValueArray(entry[1]),
  )
  return Object.fromEntries(
    arrays.map(([field, values]) => [field, typeFor(`${name}.${field}`, values)]),
  )
}

function typeFor(name: string, values: ValueArray): FieldType {
  const type = typeOfArray(values)
  if (type !== undefined) return type
  if (holdsTexts(values))
    throw new TypeError(
      `${where}: ${name} holds texts; say how many bytes at most, such as text(32)`,
    )
  throw new TypeError(`${where}: ${name} is a plain array; say what it holds, ${examples}`)
}
