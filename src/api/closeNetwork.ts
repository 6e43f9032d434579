import type { World } from 'bitecs'
import { collectEach, throwCollected } from '../errors/collect.ts'
import { networkOf } from '../network/networkOf.ts'
import { destroySocket } from './destroySocket.ts'

/**
 * Closes every socket of a world and removes their entities. The world can still be used. Call it before
 * `deleteWorld` or `resetWorld`: bitECS does not report those, and the sockets would stay open until something
 * arrives for them.
 */
export function closeNetwork(world: World): void {
  const network = networkOf('closeNetwork', world)
  const errors: unknown[] = []
  collectEach(errors, network.sockets.keys(), (entity) => destroySocket(world, entity))
  // Nothing of what waits is delivered.
  network.cancelTickWarning?.()
  network.cancelTickWarning = undefined
  throwCollected(errors)
}
