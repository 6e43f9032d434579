// The pure level: a server's values through the codec to a client that mixes them, without worlds and sockets.

import { clearBits, createBitWriter } from '../../../src/bits/BitWriter.ts'
import { acknowledge } from '../../../src/replication/acknowledge.ts'
import { type ClientView, createClientView } from '../../../src/replication/ClientView.ts'
import { decodeSnapshot } from '../../../src/replication/decodeSnapshot.ts'
import { encodeSnapshot } from '../../../src/replication/encodeSnapshot.ts'
import { endTick } from '../../../src/replication/endTick.ts'
import { messageBytesMax } from '../../../src/replication/envelope.ts'
import { envelopeBytes } from '../../../src/replication/messages.ts'
import { slotOf } from '../../../src/replication/netId.ts'
import { quantise, quantiseDouble } from '../../../src/replication/quantise.ts'
import { quantiseQuaternion } from '../../../src/replication/quaternions.ts'
import { createReplicas, indexOf, type Replicas } from '../../../src/replication/Replicas.ts'
import { createSchema, type Schema } from '../../../src/replication/Schema.ts'
import { type ComponentDeclaration } from '../../../src/replication/SchemaComponent.ts'
import { setVisible } from '../../../src/replication/setVisible.ts'
import {
  createFrame,
  type Frame,
  mixFrame,
  nextFrame,
} from '../../../src/replication/shown/mixFrame.ts'
import {
  createMixer,
  type Mixer,
  noteChanges,
  stopMoving,
} from '../../../src/replication/shown/Mixer.ts'
import { createMixPlan } from '../../../src/replication/shown/MixPlan.ts'
import {
  advanceClock,
  createShownClock,
  noteSnapshot,
  type ShownClock,
} from '../../../src/replication/shown/ShownClock.ts'
import {
  addSourceEntity,
  beginTick,
  createSource,
  removeSourceEntity,
  setMask,
  type Source,
} from '../../../src/replication/Source.ts'

/** The values of an entity at the server: by component, of its fields in order; a rotation is four. */
export type Values = Readonly<Record<string, readonly number[]>>

/** What is shown of a replica: by component, its mixed numbers. */
export type ShownValues = Readonly<Record<string, readonly number[]>>

export interface ReelOptions {
  readonly tickMs?: number
  readonly isOrdered?: boolean
  readonly bytesMax?: number
  /** By component. */
  readonly teleport?: Readonly<Record<string, number>>
}

const writer = createBitWriter(messageBytesMax)
/** By kind of `Mixing`: how many numbers it has. */
const counts = [0, 1, 1, 4]

export class Reel {
  readonly schema: Schema
  readonly source: Source
  readonly view: ClientView
  readonly replicas: Replicas
  readonly clock: ShownClock
  readonly mixer: Mixer
  readonly frames: Frame = createFrame()
  /** By net id: what the server has. */
  readonly entities: Map<number, Values> = new Map()
  /** By net id: what is shown, as of the last frame in which it was mixed. */
  readonly shown: Map<number, ShownValues> = new Map()
  /** By net id: the row of the switched fields of each component that is interpolated. */
  readonly rows: Map<number, readonly number[]> = new Map()
  /** Replicas that were mixed in the last frame. */
  mixed = 0
  #frameMs = NaN

  constructor(
    declarations: readonly ComponentDeclaration[],
    { tickMs = 10, isOrdered = true, bytesMax = 4_096, teleport = {} }: ReelOptions = {},
  ) {
    this.schema = createSchema(declarations)
    const { schema } = this
    this.source = createSource(schema, 32)
    this.view = createClientView({ client: 1, isOrdered, bytesMax })
    this.replicas = createReplicas(schema, 32)
    this.clock = createShownClock(tickMs, 32)
    const teleports = schema.components.map(({ name }) => teleport[name] ?? Infinity)
    this.mixer = createMixer(this.replicas, createMixPlan(schema, teleports))
  }

  add(values: Values): number {
    const netId = addSourceEntity(this.source)
    this.entities.set(netId, values)
    return netId
  }

  remove(netId: number): void {
    removeSourceEntity(this.source, netId)
    this.entities.delete(netId)
  }

  /** What the server sends at a tick. */
  snapshot(tick: number): Uint8Array {
    const { source, view, entities } = this
    beginTick(source, tick)
    for (const [netId, values] of entities) this.#write(slotOf(netId), values)
    endTick(source)
    const slots = [...entities.keys()].map(slotOf)
    setVisible(source, view, slots, slots.length)
    clearBits(writer)
    encodeSnapshot(source, view, writer, {
      seconds: 0.05,
      clientSequence: 0,
      heldMs: 0,
      resendTicks: 0,
    })
    return writer.bytes.slice(0, writer.at)
  }

  #write(slot: number, values: Values): void {
    const { source, schema } = this
    let mask = 0
    const ints = source.history.ints[source.row]!
    for (const { name, index, fields } of schema.components) {
      const given = values[name]
      if (given === undefined) continue
      mask |= 1 << index
      let at = 0
      for (const { type, intAt } of fields) {
        const to = slot * schema.intWidth + intAt
        if (type.kind === 'quaternion') {
          const [x, y, z, w] = given.slice(at, at + 4) as [number, number, number, number]
          quantiseQuaternion(type, x, y, z, w, ints, to)
          at += 4
        } else if (type.kind === 'f64') quantiseDouble(given[at++]!, ints, to)
        else ints[to] = quantise(type, given[at++]!)
      }
    }
    setMask(source, slot, mask, 0, 0)
  }

  /** A snapshot arrives. */
  take(bytes: Uint8Array, nowMs: number): void {
    const { replicas, clock, mixer } = this
    const result = decodeSnapshot(replicas, bytes, envelopeBytes(false))
    if (result !== 'ok') throw new Error(`a snapshot is ${result}`)
    noteSnapshot(clock, replicas.changes.tick, nowMs)
    noteChanges(mixer)
  }

  /** The client's acknowledgement arrives at once. */
  acknowledge(): void {
    const { newest, mask } = this.replicas.acks
    acknowledge(this.source, this.view, newest, mask)
  }

  /** Mixes a frame. */
  frame(nowMs: number): void {
    const { clock, mixer, frames, replicas } = this
    advanceClock(clock, nowMs)
    nextFrame(frames, clock, nowMs - this.#frameMs)
    this.#frameMs = nowMs
    this.mixed = mixer.count
    for (let place = mixer.count - 1; place >= 0; place--) {
      const index = mixer.moving[place]!
      if (mixFrame(mixer, index, frames, frames.now.newest)) this.#note(replicas.netId[index]!)
      if (!mixer.span.isOpen && mixer.fadeMs[index] === 0) stopMoving(mixer, place)
    }
  }

  /** Mixes a replica as if a tick were shown. */
  at(netId: number, tick: number): ShownValues {
    const { clock, mixer, replicas } = this
    const still = createFrame()
    nextFrame(still, { ...clock, shownTick: tick }, 0)
    mixFrame(mixer, indexOf(replicas, netId), still, still.now.newest)
    this.#note(netId)
    return this.shown.get(netId)!
  }

  #note(netId: number): void {
    const { mixer, schema } = this
    const shown: Record<string, number[]> = {}
    for (const [place, { index, fields }] of mixer.plan.components.entries()) {
      if (mixer.rows[place]! < 0) continue
      const numbers: number[] = []
      for (const { mixing, at } of fields)
        for (let axis = 0; axis < counts[mixing]!; axis++) numbers.push(mixer.values[at + axis]!)
      shown[schema.components[index]!.name] = numbers
    }
    this.shown.set(netId, shown)
    this.rows.set(netId, [...mixer.rows])
  }

  /** The integer of a field in the row that a switched component is shown from. */
  switched(netId: number, component: string, field: number): number {
    const { mixer, schema, replicas } = this
    const declared = schema.components.find(({ name }) => name === component)!
    const place = mixer.plan.components.findIndex(({ index }) => index === declared.index)
    const row = this.rows.get(netId)![place]!
    const at = indexOf(replicas, netId) * schema.intWidth + declared.fields[field]!.intAt
    return replicas.history.ints[row]![at]!
  }
}
