import { type FieldType } from '../FieldType.ts'
import { type Schema } from '../Schema.ts'
import { dequantise } from '../quantise.ts'

/**
 * How a field is shown between two ticks. Whole numbers, names, texts and entities are switched, also in a component that is mixed:
 * half of them means nothing.
 */
export const Mixing = { step: 0, number: 1, angle: 2, quaternion: 3 } as const

/** How a field is mixed, and where. */
export interface MixField {
  readonly type: FieldType
  readonly intAt: number
  /** One of `Mixing`. */
  readonly mixing: number
  /** Its first number of the numbers of a replica. */
  readonly at: number
  /** Values beyond these are brought back: what is carried on must not leave its range. */
  readonly least: number
  readonly most: number
}

/** A component with values between ticks. */
export interface MixComponent {
  /** Its number in the schema. */
  readonly index: number
  readonly fields: readonly MixField[]
  /** A change of its numbers by more than the root of this is not mixed. */
  readonly teleportSquared: number
}

/** What is mixed of a replica. */
export interface MixPlan {
  readonly components: readonly MixComponent[]
  /** Numbers of a replica: one for each mixed field, four for a quaternion. */
  readonly width: number
  /** Mask words of the components. */
  readonly low: number
  readonly high: number
}

/** @param teleports by number of the component: a change by more than this is not mixed */
export function createMixPlan(schema: Schema, teleports: readonly number[]): MixPlan {
  let width = 0
  let low = 0
  let high = 0
  const components: MixComponent[] = []
  for (const { index, fields, interpolate } of schema.components) {
    if (interpolate === false) continue
    if (index < 32) low |= 1 << index
    else high |= 1 << (index & 31)
    components.push({
      index,
      fields: fields.map(({ type, intAt }): MixField => {
        const mixing = interpolate === 'mixed' ? mixingOf(type) : Mixing.step
        const at = width
        width += mixing === Mixing.step ? 0 : mixing === Mixing.quaternion ? 4 : 1
        const isRange = type.kind === 'range'
        return {
          type,
          intAt,
          mixing,
          at,
          least: isRange ? type.min : -Infinity,
          most: isRange ? dequantise(type, type.high) : Infinity,
        }
      }),
      teleportSquared: squareOf(teleports[index] ?? Infinity),
    })
  }
  return { components, width, low, high }
}

function mixingOf({ kind }: FieldType): number {
  if (kind === 'range' || kind === 'f32' || kind === 'f64') return Mixing.number
  if (kind === 'angle') return Mixing.angle
  return kind === 'quaternion' ? Mixing.quaternion : Mixing.step
}

function squareOf(value: number): number {
  return value * value
}
