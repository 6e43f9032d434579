// A snapshot where it stands in its message (the table is in serverMessages.ts): for bots, which look at little of it, and
// of which there are hundreds.
import { getBufferBytes, type NetworkBuffer } from 'bitecs-networking'
import { type GemState, kindOfServerMessage, type ShipState } from './serverMessages.ts'

const headBytes = 6
const shipBytes = 22
const gemBytes = 6

/** What can be searched, such as an array. */
export interface Searchable<Item> extends Iterable<Item> {
  find(wanted: (item: Item) => boolean): Item | undefined
}

/** What a snapshot shows. */
export interface Sight {
  readonly ships: Searchable<ShipState>
  readonly gems: Searchable<GemState>
}

/**
 * A view of a snapshot, valid as long as its buffer; `undefined` for bytes that are none. Each value is read when it is asked
 * for, and is not checked: a position may be no number.
 */
export function viewSnapshot(buffer: NetworkBuffer): Sight | undefined {
  if (kindOfServerMessage(buffer) !== 'snapshot') return undefined
  const { buffer: memory, byteOffset, byteLength } = getBufferBytes(buffer)
  const view = new DataView(memory, byteOffset, byteLength)
  if (byteLength < headBytes) return undefined
  const shipCount = view.getUint8(headBytes - 1)
  const shipsEnd = headBytes + shipCount * shipBytes
  if (byteLength <= shipsEnd) return undefined
  const gemCount = view.getUint8(shipsEnd)
  if (byteLength < shipsEnd + 1 + gemCount * gemBytes) return undefined
  return {
    ships: new Records(headBytes, shipBytes, shipCount, (at) => new ShipView(view, at)),
    gems: new Records(shipsEnd + 1, gemBytes, gemCount, (at) => new GemView(view, at)),
  }
}

/** Items of one size, one after the other. */
class Records<Item extends { at: number }> implements Searchable<Item> {
  readonly #start: number
  readonly #size: number
  readonly #count: number
  readonly #viewAt: (at: number) => Item

  constructor(start: number, size: number, count: number, viewAt: (at: number) => Item) {
    this.#start = start
    this.#size = size
    this.#count = count
    this.#viewAt = viewAt
  }

  /** Moves one view over all of them: `wanted` must not keep what it gets. */
  find(wanted: (item: Item) => boolean): Item | undefined {
    const item = this.#viewAt(this.#start)
    for (let left = this.#count; left > 0; left--, item.at += this.#size)
      if (wanted(item)) return item
    return undefined
  }

  *[Symbol.iterator](): Generator<Item, void, undefined> {
    for (let index = 0; index < this.#count; index++)
      yield this.#viewAt(this.#start + index * this.#size)
  }
}

class ShipView implements ShipState {
  readonly #view: DataView
  /** Where it begins. */
  at: number

  constructor(view: DataView, at: number) {
    this.#view = view
    this.at = at
  }

  get player(): number {
    return this.#view.getUint16(this.at, true)
  }

  get x(): number {
    return this.#view.getFloat32(this.at + 2, true)
  }

  get y(): number {
    return this.#view.getFloat32(this.at + 6, true)
  }

  get vx(): number {
    return this.#view.getFloat32(this.at + 10, true)
  }

  get vy(): number {
    return this.#view.getFloat32(this.at + 14, true)
  }

  get dashing(): boolean {
    return this.#view.getUint8(this.at + 18) !== 0
  }

  get charge(): number {
    return this.#view.getUint8(this.at + 19) / 255
  }

  get score(): number {
    return this.#view.getUint16(this.at + 20, true)
  }
}

class GemView implements GemState {
  readonly #view: DataView
  /** Where it begins. */
  at: number

  constructor(view: DataView, at: number) {
    this.#view = view
    this.at = at
  }

  get gem(): number {
    return this.#view.getUint16(this.at, true)
  }

  get x(): number {
    return this.#view.getUint16(this.at + 2, true)
  }

  get y(): number {
    return this.#view.getUint16(this.at + 4, true)
  }
}
