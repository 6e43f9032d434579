// A server as plain objects, which writes into a source what it holds.

import { cutText } from '../../src/replication/cutText.ts'
import { type FieldType } from '../../src/replication/FieldType.ts'
import { slotOf } from '../../src/replication/netId.ts'
import { quantise, quantiseDouble } from '../../src/replication/quantise.ts'
import { quantiseQuaternion } from '../../src/replication/quaternions.ts'
import { packTargets } from '../../src/replication/relationText.ts'
import { type Schema } from '../../src/replication/Schema.ts'
import { type SchemaField } from '../../src/replication/SchemaComponent.ts'
import {
  addSourceEntity,
  beginTick,
  createSource,
  removeSourceEntity,
  setMask,
  type Source,
} from '../../src/replication/Source.ts'
import { endTick } from '../../src/replication/endTick.ts'
import { type Draw } from '../fuzz/Draw.ts'

/** The values of a component: of each field its integers, or its text. */
export type Values = readonly (readonly number[] | string)[]

export interface ModelEntity {
  readonly netId: number
  readonly components: Map<number, Values>
  owner: number
}

/** An entity at a tick, which does not change any more. */
export interface EntityState {
  readonly components: ReadonlyMap<number, Values>
  readonly owner: number
}

export class ServerModel {
  readonly schema: Schema
  readonly source: Source
  readonly entities: Map<number, ModelEntity> = new Map()
  /** What each entity was at each tick that had a snapshot. */
  readonly log: Map<number, Map<number, EntityState>> = new Map()
  tick = 0

  constructor(schema: Schema, rows: number) {
    this.schema = schema
    this.source = createSource(schema, rows)
  }

  spawn(): ModelEntity {
    const entity = { netId: addSourceEntity(this.source), components: new Map(), owner: 0 }
    this.entities.set(entity.netId, entity)
    return entity
  }

  remove(netId: number): void {
    this.entities.delete(netId)
    removeSourceEntity(this.source, netId)
  }

  /** Writes all entities into the source, at a tick. */
  snapshot(tick: number): void {
    const { source, schema } = this
    this.tick = tick
    beginTick(source, tick)
    const ints = source.history.ints[source.row]!
    const texts = source.history.texts[source.row]!
    const states = new Map<number, EntityState>()
    for (const { netId, components, owner } of this.entities.values()) {
      const slot = slotOf(netId)
      const mask = [0, 0]
      for (const [index, values] of components) {
        mask[index >> 5]! |= 1 << (index & 31)
        for (const [at, { intAt, textAt }] of schema.components[index]!.fields.entries()) {
          const value = values[at]!
          if (typeof value === 'string') texts[slot * schema.textWidth + textAt] = value
          else ints.set(value, slot * schema.intWidth + intAt)
        }
      }
      setMask(source, slot, mask[0]!, mask[1]!, owner)
      states.set(netId, { components: new Map(components), owner })
    }
    endTick(source)
    this.log.set(tick, states)
  }
}

/** Random values of a component: near those of before mostly. */
export function drawValues(
  draw: Draw,
  fields: readonly SchemaField[],
  last: Values | undefined,
  netIds: readonly number[],
): Values {
  return fields.map(({ type }, at) => {
    const before = last?.[at]
    if (before !== undefined && fields.length > 1 && draw.isLucky(0.5)) return before
    return drawValue(draw, type, before, netIds)
  })
}

function drawValue(
  draw: Draw,
  type: FieldType,
  before: readonly number[] | string | undefined,
  netIds: readonly number[],
): readonly number[] | string {
  const ints = new Int32Array(4)
  switch (type.kind) {
    case 'text':
      return cutText(
        draw.one(['', 'a', 'Åsa', '😀😀', 'a long name indeed', `${draw.byte()}`]),
        type.bytesMax,
      )
    case 'relation': {
      const targets = Uint32Array.from({ length: draw.below(10) }, () => draw.one(netIds))
      const unique = Uint32Array.from(new Set(targets))
      return packTargets(unique, unique.length, '')
    }
    case 'ref':
      return [draw.isLucky(0.2) ? 0 : draw.one(netIds) | 0]
    case 'quaternion': {
      const [x, y, z, w] = [0, 0, 0, 0].map(() => draw.below(2_001) / 1_000 - 1)
      quantiseQuaternion(type, x!, y!, z!, w!, ints, 0)
      if (Array.isArray(before) && draw.isLucky(0.7)) {
        const [largest, ...rest] = before as number[]
        return [largest!, ...rest.map((part) => step(draw, part, 0, type.high))]
      }
      return [...ints]
    }
    case 'f64':
      quantiseDouble(draw.one([0, -0, NaN, Infinity, draw.below(1e9) / 7]), ints, 0)
      return [ints[0]!, ints[1]!]
    case 'f32':
      return [quantise(type, draw.one([0, -0, NaN, -Infinity, draw.below(1e9) / 7]))]
    default:
      if (Array.isArray(before) && draw.isLucky(0.7))
        return [step(draw, before[0] as number, type.low, type.high)]
      return [type.low + Math.floor((type.high - type.low + 1) * (draw.below(2 ** 32) / 2 ** 32))]
  }
}

function step(draw: Draw, from: number, low: number, high: number): number {
  const most = draw.one([1, 8, 9, 70, 80, 600])
  return Math.min(high, Math.max(low, from + draw.below(2 * most + 1) - most))
}
