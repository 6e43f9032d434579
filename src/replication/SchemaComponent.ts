import { type FieldType } from './FieldType.ts'

/** Who receives a component of an entity. */
export type Audience = 'all' | 'owner' | 'others'

/** How a component is drawn between two ticks: not, mixed, or switched. */
type Interpolation = false | 'mixed' | 'step'

/** A component as it is declared. */
export interface ComponentDeclaration {
  readonly name: string
  /** Fields by name, or the one type of a component that is itself an array. A tag has none; a relation has the type `relation`. */
  readonly fields?: Readonly<Record<string, FieldType>> | FieldType
  readonly to?: Audience
  readonly interpolate?: Interpolation
}

export interface SchemaField {
  /** Empty if it is the only one and has no name. */
  readonly name: string
  readonly type: FieldType
  /** Its first integer, counted from where the entity's integers begin in a row. */
  readonly intAt: number
  /** Its text, counted from where the entity's texts begin in a row; −1 if it has none. */
  readonly textAt: number
}

export interface SchemaComponent {
  readonly name: string
  /** Its number: the bit of masks. */
  readonly index: number
  readonly fields: readonly SchemaField[]
  readonly isTag: boolean
  readonly isRelation: boolean
  readonly to: Audience
  readonly interpolate: Interpolation
}
