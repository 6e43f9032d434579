import { type FieldType } from '../replication/FieldType.ts'
import { type SchemaComponent } from '../replication/SchemaComponent.ts'
import { type ValueArray } from './storeTypes.ts'

/** Where the values of a field are. */
export interface Column {
  /** By entity: the values, or the objects that have them. */
  readonly values: ValueArray
  /** The name of the value in such an object. */
  readonly key: string | undefined
}

export interface DeclaredField {
  /** Empty of a component that is itself an array. */
  readonly name: string
  readonly type: FieldType
  /** One, but four of a quaternion. */
  readonly columns: readonly Column[]
  /** Where it is in a row of `History`. */
  readonly intAt: number
  readonly textAt: number
}

/** A component as `replicate` has declared it in one world. */
export interface DeclaredComponent extends SchemaComponent {
  /** What bitECS knows it by. */
  readonly component: object
  readonly declared: readonly DeclaredField[]
  /** Where its values are: the component itself, or what the option `store` says. */
  readonly store: object
  /** Where what is drawn is, if it is interpolated. */
  readonly shown: ShownStore | undefined
  /** Arrays of objects, which a replica needs before its values are written. */
  readonly objects: readonly ValueArray[]
  readonly teleport: number
  readonly priority: number
  readonly isSnapped: boolean
  readonly isOnce: boolean
}

/** A second store of a component, of the same shape. */
export interface ShownStore {
  readonly store: object
  /** In the order of `DeclaredComponent.declared`. */
  readonly fields: readonly DeclaredField[]
  /** Arrays of objects, which an entity needs before its values are written. */
  readonly objects: readonly ValueArray[]
}
