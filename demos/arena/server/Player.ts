import { type EntityId } from 'bitecs'

/** Somebody who plays: what the server knows of a ship besides its components. */
export interface Player {
  /** The number that others know this player by; an entity id may be another's soon. */
  readonly id: number
  /** The ship. A connected player's ship is the socket itself. */
  readonly entity: EntityId
  readonly socketType: number
  readonly name: string
  /** Colour, in degrees. */
  readonly hue: number
  score: number
  /** When something came from this player, in ticks. */
  heard: number
  /** How many lines of chat may be said now; it grows with time. */
  lines: number
}
