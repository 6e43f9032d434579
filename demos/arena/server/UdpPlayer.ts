import { type Player } from './Player.ts'

/** Somebody who plays over UDP, and where datagrams for them go. */
export interface UdpPlayer {
  readonly player: Player
  readonly ip: string
  readonly port: number
}
