// A client as plain objects, made of what snapshots change and of nothing else.

import * as assert from 'uvu/assert'
import { decodeSnapshot } from '../../src/replication/decodeSnapshot.ts'
import { type SnapshotResult } from '../../src/replication/readSnapshot.ts'
import { createReplicas, releaseReplica, type Replicas } from '../../src/replication/Replicas.ts'
import { type Schema } from '../../src/replication/Schema.ts'
import { type SchemaComponent } from '../../src/replication/SchemaComponent.ts'
import { type EntityState, type Values } from './ServerModel.ts'

export interface Replica {
  readonly netId: number
  readonly components: Map<number, Values>
  isOwned: boolean
  tick: number
}

const envelope = 5

export class ClientModel {
  readonly schema: Schema
  readonly client: number
  readonly replicas: Replicas
  readonly entities: Map<number, Replica> = new Map()
  isComplete = false

  constructor(schema: Schema, client: number, rows: number) {
    this.schema = schema
    this.client = client
    this.replicas = createReplicas(schema, rows)
  }

  receive(bytes: Uint8Array): SnapshotResult {
    const result = decodeSnapshot(this.replicas, bytes, envelope)
    if (result === 'ok') this.apply()
    return result
  }

  apply(): void {
    const { changes } = this.replicas
    if (changes.isNewest) this.isComplete = changes.isComplete
    for (let at = 0; at < changes.count; at++) this.#change(at)
    for (let at = 0; at < changes.goneCount; at++) {
      const index = changes.gone[at]!
      assert.ok(this.entities.delete(index), 'what has gone was there')
      releaseReplica(this.replicas, index)
    }
    assert.is(this.entities.size, this.replicas.count)
  }

  #change(at: number): void {
    const { replicas, schema } = this
    const { changes } = replicas
    const index = changes.index[at]!
    let replica = this.entities.get(index)
    assert.is(changes.isNew[at] === 1, replica === undefined)
    if (replica === undefined) {
      replica = { netId: replicas.netId[index]!, components: new Map(), isOwned: false, tick: 0 }
      this.entities.set(index, replica)
    }
    assert.is(replica.netId, replicas.netId[index])
    assert.ok(changes.tick > replica.tick, 'it becomes newer')
    replica.tick = changes.tick
    assert.is(changes.wasOwned[at] === 1, replica.isOwned)
    replica.isOwned = changes.owned[at] === 1
    for (const component of schema.components) {
      const { index: number } = component
      const hadIt = hasBit(changes.oldLow[at]!, changes.oldHigh[at]!, number)
      assert.is(hadIt, replica.components.has(number))
      if (!hasBit(changes.low[at]!, changes.high[at]!, number)) replica.components.delete(number)
      else if (hasBit(changes.changedLow[at]!, changes.changedHigh[at]!, number))
        replica.components.set(number, this.valuesOf(component, changes.row, index))
      else assert.ok(hadIt, 'a new component counts as changed')
    }
  }

  valuesOf({ fields }: SchemaComponent, row: number, index: number): Values {
    const { history, schema } = this.replicas
    return fields.map(({ type, intAt, textAt }) => {
      if (textAt >= 0) return history.texts[row]![index * schema.textWidth + textAt]!
      const from = index * schema.intWidth + intAt
      return [...history.ints[row]!.subarray(from, from + type.ints)]
    })
  }

  /** An entity as this client sees it, for comparison. */
  seen({ components, owner }: EntityState): string {
    const isOwned = owner === this.client
    const wanted = [...components].filter(([index]) => {
      const { to } = this.schema.components[index]!
      return to === 'all' || (to === 'owner') === isOwned
    })
    return textOf(wanted, isOwned)
  }

  /** A replica, for comparison. */
  held({ components, isOwned }: Replica): string {
    return textOf([...components], isOwned)
  }
}

function textOf(components: [number, Values][], isOwned: boolean): string {
  return JSON.stringify([isOwned, components.sort(([a], [b]) => a - b)])
}

function hasBit(low: number, high: number, index: number): boolean {
  return (((index < 32 ? low : high) >>> (index & 31)) & 1) === 1
}
