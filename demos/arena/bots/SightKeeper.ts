import { type ServerMessage } from '../shared/serverMessages.ts'
import { type Sight } from './Line.ts'

/** Keeps the newest message of what is to be seen. */
export class SightKeeper {
  newest: Sight = { me: undefined, ships: [], gems: [] }
  #tick = 0

  hear(message: ServerMessage): void {
    // Over UDP one may overtake another.
    if (message.kind !== 'sight' || message.tick <= this.#tick) return
    const { tick, charge, ships, gems } = message
    const [own] = ships
    this.#tick = tick
    this.newest = { me: own && { ...own, charge }, ships, gems }
  }
}
