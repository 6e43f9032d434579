import type { EntityId } from 'bitecs'
import { type SocketStore } from '../../components/Socket.ts'

/** The columns of the `Socket` store that a socket counts in. */
const counters = [
  'bytesIn',
  'bytesOut',
  'packetsIn',
  'packetsOut',
  'discardedBytes',
  'undelivered',
  'dropped',
  'badMessages',
  'refused',
  'failedHandshakes',
] as const

type Counter = (typeof counters)[number]

/** Counts for one socket: in its row of the `Socket` store, or here until it has an entity. */
export class SocketCounters {
  readonly #store: SocketStore
  /** `undefined` while there is no row to count in. */
  #entity: EntityId | undefined
  #early: Partial<Record<Counter, number>> | undefined

  constructor(store: SocketStore) {
    this.#store = store
  }

  add(counter: Counter, amount: number): void {
    if (this.#entity !== undefined) this.#store[counter][this.#entity]! += amount
    else (this.#early ??= {})[counter] = (this.#early?.[counter] ?? 0) + amount
  }

  /** Counts what a write has. */
  addSent(bytes: number, packets: number): void {
    const entity = this.#entity
    if (entity === undefined) this.add('bytesOut', bytes)
    else {
      this.#store.bytesOut[entity]! += bytes
      this.#store.packetsOut[entity]! += packets
    }
  }

  /** The socket has an entity, whose row is its own from now on. */
  showIn(entity: EntityId): void {
    this.#entity = entity
    for (const counter of counters) this.#store[counter][entity] = this.#early?.[counter] ?? 0
    this.#early = undefined
  }

  /** The row may be another's from now on. */
  detach(): void {
    this.#entity = undefined
  }
}
