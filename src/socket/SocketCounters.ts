import { type EntityId } from 'bitecs'
import { type SocketStore } from '../../components/Socket.ts'

/** Counts for one socket: in its row of the `Socket` store, or here until it has an entity. */
export class SocketCounters {
  readonly #store: SocketStore
  /** `undefined` while there is no row to count in. */
  #entity: EntityId | undefined
  #bytesIn = 0
  #bytesOut = 0
  #discardedBytes = 0

  constructor(store: SocketStore) {
    this.#store = store
  }

  /** The socket has an entity, whose row is its own from now on. */
  showIn(entity: EntityId): void {
    this.#entity = entity
    const store = this.#store
    store.bytesIn[entity] = this.#bytesIn
    store.bytesOut[entity] = this.#bytesOut
    store.discardedBytes[entity] = this.#discardedBytes
    store.packetsIn[entity] = 0
    store.packetsOut[entity] = 0
    store.undelivered[entity] = 0
    store.dropped[entity] = 0
  }

  /** The row may be another's from now on. */
  detach(): void {
    this.#entity = undefined
  }

  addBytesIn(bytes: number): void {
    const entity = this.#entity
    if (entity === undefined) this.#bytesIn += bytes
    else this.#store.bytesIn[entity]! += bytes
  }

  addBytesOut(bytes: number): void {
    const entity = this.#entity
    if (entity === undefined) this.#bytesOut += bytes
    else this.#store.bytesOut[entity]! += bytes
  }

  addDiscardedBytes(bytes: number): void {
    const entity = this.#entity
    if (entity === undefined) this.#discardedBytes += bytes
    else this.#store.discardedBytes[entity]! += bytes
  }

  // What is counted below happens only to sockets with an entity.

  addPacketsIn(count: number): void {
    if (this.#entity !== undefined) this.#store.packetsIn[this.#entity]! += count
  }

  addPacketsOut(count: number): void {
    if (this.#entity !== undefined) this.#store.packetsOut[this.#entity]! += count
  }

  addUndelivered(): void {
    if (this.#entity !== undefined) this.#store.undelivered[this.#entity]! += 1
  }

  addDropped(): void {
    if (this.#entity !== undefined) this.#store.dropped[this.#entity]! += 1
  }
}
