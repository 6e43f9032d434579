// Whoever can forge the sender of a datagram could have snapshots sent to somebody who never asked for them. So a player
// who joins over UDP has to send back a number that only the true owner of the address gets.
import { createHmac, randomBytes } from 'node:crypto'

/**
 * Gives the number of each address. It is kept nowhere: the same address has the same number as long as the server runs.
 *
 * @param secret what nobody else knows
 */
export function createProver(
  secret: Uint8Array | string = randomBytes(32),
): (address: string) => number {
  return (address) => createHmac('sha256', secret).update(address).digest().readUInt32LE(0)
}
