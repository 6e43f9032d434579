import { FreedError } from '../errors/FreedError.ts'
import { type EventSource } from './EventSource.ts'

/** What all Networking events share: they end, and their keys can be read as those of a GameMaker map. */
export abstract class EventMap {
  #source: EventSource | undefined

  constructor(source: EventSource) {
    this.#source = source
  }

  /** The peer's numeric address: on UDP the sender's; in a page the host of the URL. */
  get ip(): string {
    return this.sourceFor('ip').ip
  }

  /** The peer's port: on UDP the sender's. */
  get port(): number {
    return this.sourceFor('port').port
  }

  /** How many keys there are: GameMaker's `ds_map_size`. (`size` is the message's.) */
  get keyCount(): number {
    return this.keys().length
  }

  /** The value of a key, `undefined` if there is no such key: GameMaker's `ds_map_find_value`. */
  get(key: string): unknown {
    this.sourceFor(key)
    return this.has(key) ? Reflect.get(this, key) : undefined
  }

  /** Whether there is such a key: GameMaker's `ds_map_exists`. */
  has(key: string): boolean {
    return this.keys().includes(key)
  }

  /** The names of the keys, none once the event has ended: GameMaker's `ds_map_keys_to_array`. */
  keys(): readonly string[] {
    return this.#source === undefined ? [] : this.keysOf(this.#source)
  }

  /** A plain object that may be kept, but for the `buffer` of a data event. */
  toJSON(): Record<string, unknown> {
    return Object.fromEntries(this.keys().map((key) => [key, this.get(key)]))
  }

  /** The peer that the event is about; throws a `FreedError` that names the key once the event has ended. */
  protected sourceFor(key: string): EventSource {
    return this.#source ?? hasEnded(key)
  }

  /** The names of the keys while the event runs. */
  protected abstract keysOf(source: EventSource): readonly string[]

  /** Ends the event. The library calls this. */
  static endMap(map: EventMap): void {
    map.#source = undefined
  }
}

function hasEnded(key: string): never {
  throw new FreedError(
    `asyncLoad.${key}: this Networking event has ended; copy what should stay while the handler runs`,
  )
}

/** What Node's `console.log` shows; the keys are accessors, which it would leave out. */
Object.defineProperty(EventMap.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: EventMap) {
    return this.keys().length === 0 ? 'AsyncLoad (ended)' : this.toJSON()
  },
})
