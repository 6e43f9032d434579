import { type ClientMessage } from '../shared/clientMessages.ts'
import { type GemState, type ShipState } from '../shared/picture.ts'
import { type SeenShip } from '../shared/serverMessages.ts'

/** A ship as a bot sees it: all of it where ships are replicated. */
type Ship = SeenShip & Partial<ShipState>

/** What a bot sees. */
export interface Sight {
  /** Its own ship; `undefined` of one that does not play. */
  readonly me: (Ship & { readonly charge: number }) | undefined
  readonly ships: readonly Ship[]
  readonly gems: readonly GemState[]
}

/** How a bot talks with the server: TCP or UDP, in a world of its own. */
export interface Line {
  /** Hands over what has arrived. Call it each tick. */
  tick(): void
  /** What is to be seen now. */
  look(): Sight
  send(message: ClientMessage): void
  close(): void
}
