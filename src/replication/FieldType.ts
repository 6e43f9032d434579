/** What a field can hold. */
export type FieldKind =
  | 'bool'
  | 'u8'
  | 'i8'
  | 'u16'
  | 'i16'
  | 'u32'
  | 'i32'
  | 'bits'
  | 'oneOf'
  | 'f32'
  | 'f64'
  | 'range'
  | 'angle'
  | 'quaternion'
  | 'text'
  | 'ref'
  | 'relation'

/**
 * The type of a field, as data. All types have the same members, so that loops over fields stay fast; those that
 * mean nothing for a kind are 0 or empty.
 */
export interface FieldType {
  readonly kind: FieldKind
  /** How it is written: one of `Coding`. */
  readonly coding: number
  /** As it stands in the canonical text of a schema: `range(0,1600,0.0625)`. */
  readonly text: string
  /** How many integers it takes in a row of `History`: 4 for a quaternion, 2 for `f64`, 0 for text and relations. */
  readonly ints: number
  /** How many texts it takes in a row of `History`: 1 for text and relations. */
  readonly texts: number
  /** Bits of the whole value: of a component of a quaternion, of the length of a text. */
  readonly bits: number
  /** The smallest and the largest integer it is kept as, `u32` as signed 32 bits. */
  readonly low: number
  readonly high: number
  /** Of a range: the value that integer 0 means. */
  readonly min: number
  readonly max: number
  /** Of a range. */
  readonly step: number
  /** Bytes of a text at most. */
  readonly bytesMax: number
  /** Of `oneOf`: its names, by integer. */
  readonly names: readonly string[]
}
