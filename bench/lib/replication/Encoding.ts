import { type Cubes, type FieldName, fieldNames } from './Cubes.ts'

/** One way to bring a scene to somebody else. */
export interface Encoding {
  readonly name: string
  /** Encodes what has changed since the last call, and decodes it. Returns the bytes. */
  send(): number
  /** What was decoded, by cube. */
  read(field: FieldName, cube: number): number
}

/** The largest difference between the scene and what was decoded; a rotation may come with the opposite sign. */
export function worstError({ count, values }: Cubes, encoding: Encoding): number {
  let worst = 0
  for (let cube = 0; cube < count; cube++) {
    const dot = (['qx', 'qy', 'qz', 'qw'] as const).reduce(
      (sum, field) => sum + values[field][cube]! * encoding.read(field, cube),
      0,
    )
    for (const field of fieldNames) {
      const sign = field.startsWith('q') && dot < 0 ? -1 : 1
      const error = Math.abs(values[field][cube]! - sign * encoding.read(field, cube))
      if (!(error <= worst)) worst = error
    }
  }
  return worst
}
