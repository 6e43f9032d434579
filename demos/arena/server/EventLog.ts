import { addEntity, type World } from 'bitecs'
import { type AsyncLoad, getBufferBytes, NetworkType, onNetworking } from 'bitecs-networking'
import { type LoggedEvent } from '../shared/serverMessages.ts'

const eventsMax = 50
/** So much of each message is shown. */
const bytesMax = 32

/** The last Networking events of a world, for people to look at. */
export class EventLog {
  readonly #events: LoggedEvent[] = []
  #fresh = 0

  /** Notes every event from now on: those of replication are none. They end with the tick, so what is shown is copied. */
  observe(world: World, tick: () => number): void {
    onNetworking(world, addEntity(world), (_world, _self, asyncLoad) =>
      this.#add(asyncLoad, tick()),
    )
  }

  /** Those of the last ticks, oldest first. */
  all(): readonly LoggedEvent[] {
    return [...this.#events]
  }

  /** Those since the last call, as far as they are kept. */
  takeFresh(): readonly LoggedEvent[] {
    const fresh = this.#fresh === 0 ? [] : this.#events.slice(-this.#fresh)
    this.#fresh = 0
    return fresh
  }

  #add(asyncLoad: AsyncLoad, tick: number): void {
    const { type, id, ip, port } = asyncLoad
    const isData = asyncLoad.type === NetworkType.data
    const size = isData ? asyncLoad.size : 0
    const bytes = isData ? getBufferBytes(asyncLoad.buffer).slice(0, bytesMax) : new Uint8Array()
    this.#events.push({ tick, type, id, ip, port, size, bytes })
    if (this.#events.length > eventsMax) this.#events.shift()
    this.#fresh = Math.min(this.#fresh + 1, eventsMax)
  }
}
