import { FreedError } from '../errors/FreedError.ts'

/** What all Networking events share: their keys can be read as those of a GameMaker map. */
export interface EventMap {
  /** How many keys there are: GameMaker's `ds_map_size`. (`size` is the message's.) */
  readonly keyCount: number
  /** The value of a key, `undefined` if there is no such key: GameMaker's `ds_map_find_value`. */
  get(key: string): unknown
  /** Whether there is such a key: GameMaker's `ds_map_exists`. */
  has(key: string): boolean
  /** A plain object that may be kept, but for the `buffer` of a data event. */
  toJSON(): Record<string, unknown>
}

abstract class Shared implements EventMap {
  /** The names of the keys, none once the event has ended. */
  abstract keys(): readonly string[]

  get keyCount(): number {
    return this.keys().length
  }

  get(key: string): unknown {
    if (this.keyCount === 0) hasEnded(key)
    return this.has(key) ? Reflect.get(this, key) : undefined
  }

  has(key: string): boolean {
    return this.keys().includes(key)
  }

  toJSON(): Record<string, unknown> {
    return Object.fromEntries(this.keys().map((key) => [key, this.get(key)]))
  }

  // What Node's `console.log` shows; the keys are accessors, which it would leave out.
  [Symbol.for('nodejs.util.inspect.custom')](): unknown {
    return this.keyCount === 0 ? 'AsyncLoad (ended)' : this.toJSON()
  }
}

/** Gives classes of events what they share. A base class would do the same, but make each event 10 ns slower to make. */
export function shareEventMap(...classes: { readonly prototype: object }[]): void {
  for (const { prototype } of classes) Object.setPrototypeOf(prototype, Shared.prototype)
}

/** Throws the error for using an event after its end. */
export function hasEnded(key: string): never {
  throw new FreedError(
    `asyncLoad.${key}: this Networking event has ended; copy what you need in the handler`,
  )
}
