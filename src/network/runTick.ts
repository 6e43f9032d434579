import { type World } from 'bitecs'
import { throwCollected } from '../errors/collect.ts'
import { clearEvents } from './clearEvents.ts'
import { dispatch } from './dispatch.ts'
import { endStalled, flush } from './flush.ts'
import { beat } from './heartbeats.ts'
import { abandon, isAlive, networkOf } from './Network.ts'
import { receive } from './receive.ts'

/** One tick of a world's network. See `NetworkSystem`. */
export function runTick(world: World): void {
  const network = networkOf('NetworkSystem', world)
  if (network.isDispatching)
    throw new Error(
      'NetworkSystem: called by a handler of the same world; the tick is still running',
    )
  const errors: unknown[] = network.warner.errors.splice(0)
  endStalled(network)
  beat(network)
  receive(network, errors)
  dispatch(network, errors)
  if (isAlive(network)) {
    clearEvents(network, errors)
    flush(network)
  } else abandon(network)
  throwCollected(errors)
}

/** The first half of a tick. See `NetworkReceiveSystem`. */
export function receiveTick(world: World): void {
  const errors: unknown[] = []
  receive(networkOf('NetworkReceiveSystem', world), errors)
  throwCollected(errors)
}
