import type { World } from 'bitecs'
import { networkOf } from '../network/networkOf.ts'
import { flush } from '../socket/SendQueue.ts'

/**
 * Hands over at once what was sent, in one write per socket. Only a loop that never lets other code run
 * needs it: everything sent leaves by itself when the running synchronous code ends.
 */
export function flushNetwork(world: World): void {
  flush(networkOf('flushNetwork', world).sends)
}
