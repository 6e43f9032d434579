import { type EntityId } from 'bitecs'

/** Somebody who plays over UDP, and where datagrams for them go. */
export interface UdpPlayer {
  readonly ship: EntityId
  readonly ip: string
  readonly port: number
  /** When something came from this player, in ticks. */
  heard: number
}
