// What is replicated, and how it lies in a row of `History`.

import { checkInteger, show, wrongType } from '../errors/argumentErrors.ts'
import { canonicalText } from './canonicalText.ts'
import { type FieldType } from './FieldType.ts'
import { hashText } from './hashText.ts'
import {
  type Audience,
  type ComponentDeclaration,
  type SchemaComponent,
  type SchemaField,
} from './SchemaComponent.ts'

const componentsMax = 64
const fieldsMax = 32
/** Bytes that an entity takes at most, so that a packet always has room for one. */
const entityBytesMax = 1 << 16

/**
 * What is replicated, in order.
 *
 * The integers of an entity in a row of `History` begin with its mask (`maskWords` words, component 0 in the lowest
 * bit) and its owner (`ownerAt`); its fields follow: those for all, those for the owner, those for others.
 */
export interface Schema {
  readonly components: readonly SchemaComponent[]
  /** The canonical text (docs/replication-protocol.md). */
  readonly text: string
  /** FNV-1a of the text, 64 bits. */
  readonly hash: bigint
  /** Integers of an entity in a row. */
  readonly intWidth: number
  /** Texts of an entity in a row. */
  readonly textWidth: number
  /** 1 up to 32 components, else 2. */
  readonly maskWords: number
  readonly ownerAt: number
  /** Where the integers for owners and for others begin. */
  readonly ownerIntsAt: number
  readonly othersIntsAt: number
  /** Whose text each of a row's texts is. */
  readonly textAudiences: readonly Audience[]
  /** The components that an owner receives, as mask words; and those that others receive. */
  readonly ownerMask: readonly [low: number, high: number]
  readonly othersMask: readonly [low: number, high: number]
}

/**
 * Makes a schema of declarations, in their order.
 *
 * @param where the function for messages
 * @throws TypeError or RangeError for a declaration that cannot be: two of one name, more than 64 components, more than 32 fields
 */
export function createSchema(
  declarations: readonly ComponentDeclaration[],
  where: string = 'createSchema',
): Schema {
  checkInteger(where, 'the number of components', declarations.length, 1, componentsMax)
  const maskWords = declarations.length > 32 ? 2 : 1
  const ownerAt = maskWords
  const layout = { ints: ownerAt + 1, texts: 0 }
  const starts: Record<Audience, number> = { all: layout.ints, owner: 0, others: 0 }
  const components: SchemaComponent[] = []
  const textAudiences: Audience[] = []
  const ownerMask: [number, number] = [0, 0]
  const othersMask: [number, number] = [0, 0]
  const names = new Set<string>()
  for (const audience of ['all', 'owner', 'others'] as const) {
    starts[audience] = layout.ints
    for (const [index, declaration] of declarations.entries()) {
      const { name, to = 'all', interpolate = false } = declaration
      if (to !== audience) continue
      if (typeof name !== 'string' || name === '') throw wrongType(where, 'a name', 'a text', name)
      if (names.has(name)) throw new TypeError(`${where}: there are two components ${show(name)}`)
      names.add(name)
      const fields = fieldsOf(where, declaration).map(([field, type]): SchemaField => {
        const intAt = layout.ints
        const textAt = type.texts > 0 ? layout.texts : -1
        layout.ints += type.ints
        layout.texts += type.texts
        if (type.texts > 0) textAudiences.push(audience)
        return { name: field, type, intAt, textAt }
      })
      const isRelation = fields.length === 1 && fields[0]!.type.kind === 'relation'
      components[index] = {
        name,
        index,
        fields,
        isTag: fields.length === 0,
        isRelation,
        to,
        interpolate,
      }
      const word = index >> 5
      if (to !== 'others') ownerMask[word]! |= 1 << (index & 31)
      if (to !== 'owner') othersMask[word]! |= 1 << (index & 31)
    }
  }
  if (names.size !== declarations.length)
    throw new TypeError(`${where}: to must be 'all', 'owner' or 'others'`)
  const bytes = components.reduce((sum, { fields }) => sum + fields.reduce(addSize, 0), 0)
  if (bytes > entityBytesMax)
    throw new RangeError(
      `${where}: an entity must fit into ${entityBytesMax} bytes, with all components it takes ${bytes}`,
    )
  const text = canonicalText(components)
  return {
    components,
    text,
    hash: hashText(text),
    intWidth: layout.ints,
    textWidth: layout.texts,
    maskWords,
    ownerAt,
    ownerIntsAt: starts.owner,
    othersIntsAt: starts.others,
    textAudiences,
    ownerMask,
    othersMask,
  }
}

/** Adds the bytes that a field takes at most. */
function addSize(bytes: number, { type }: SchemaField): number {
  return bytes + type.ints * 4 + type.bytesMax + (type.kind === 'relation' ? 32 : 2)
}

/** The fields of a declaration, the one without a name as `''`. */
function fieldsOf(
  where: string,
  { name, fields = {} }: ComponentDeclaration,
): readonly (readonly [string, FieldType])[] {
  if (isFieldType(fields)) return [['', fields]]
  const named = Object.entries(fields)
  if (named.length > fieldsMax)
    throw new RangeError(
      `${where}: ${name} must have at most ${fieldsMax} fields, got ${named.length}`,
    )
  for (const [field, type] of named)
    if (!isFieldType(type) || type.kind === 'relation')
      throw wrongType(where, `${name}.${field}`, 'a type such as u8 or range(0, 100, 0.1)', type)
  return named
}

/** Whether something is the type of a field, not a record of types. */
export function isFieldType(value: unknown): value is FieldType {
  const { kind, ints } = Object(value) as Partial<FieldType>
  return typeof kind === 'string' && typeof ints === 'number'
}
