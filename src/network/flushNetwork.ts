import { type World } from 'bitecs'
import { flush } from './flush.ts'
import { networkOf } from './Network.ts'

/**
 * Hands over at once what was sent, in one write per socket. Only a loop that never lets other code run
 * needs it: everything sent leaves by itself when the running synchronous code ends.
 */
export function flushNetwork(world: World): void {
  flush(networkOf('flushNetwork', world))
}
