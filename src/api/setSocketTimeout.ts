import type { EntityId, World } from 'bitecs'
import { type NetworkError } from '../constants/NetworkError.ts'
import { checkInteger } from '../errors/argumentErrors.ts'
import { networkOf } from '../network/networkOf.ts'
import { findSocket } from './findSocket.ts'
import { setNetworkConfig } from './setNetworkConfig.ts'

/**
 * Sets how long a socket may take to receive and to send: GameMaker's `network_set_timeout`, and here a name for
 * `setNetworkConfig(world, socket, { readTimeoutMs, writeStallMs })`. Nothing here ever blocks, so the limits are on the
 * peer: its connection ends, with `DisconnectReason.timedOut`, when a packet that has begun to arrive is not complete after
 * `readMs`, or when bytes wait to leave and the peer takes none of them for `writeMs`. Silence between packets is never a
 * fault. Limits are looked at once a tick, so a game that is paused does not lose its peers.
 *
 * @param readMs milliseconds; 0 for no limit, as before the first call
 * @param writeMs milliseconds; before the first call the world's `writeStallMs`
 * @returns 0, or a negative `NetworkError` if it is not a socket, or a server or UDP socket
 */
export function setSocketTimeout(
  world: World,
  socket: EntityId,
  readMs: number,
  writeMs: number,
): 0 | NetworkError {
  const where = 'setSocketTimeout'
  const network = networkOf(where, world)
  checkInteger(where, 'readMs', readMs, 0, 2 ** 31 - 1)
  checkInteger(where, 'writeMs', writeMs, 1, 2 ** 31 - 1)
  const found = findSocket(where, network, socket, 'connection')
  if (typeof found === 'number') return found
  return setNetworkConfig(world, socket, { readTimeoutMs: readMs, writeStallMs: writeMs })
}
