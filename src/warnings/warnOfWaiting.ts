// The warning that events wait and no tick takes them.

import { setLimit } from '../clock/patience.ts'
import { minuteMs, warn, type Warner } from './Warner.ts'

/** A world in which events wait for ticks. */
interface Waiting {
  readonly queue: { readonly waitingEvents: number }
  readonly tickEvents: { readonly tick: number }
  readonly warner: Warner
  /** Set while a warning may follow. */
  cancelTickWarning: (() => void) | undefined
}

/** Events have begun to wait: warns if no tick takes them for 5 s. Looks again while ticks run and events wait. */
export function warnOfWaiting(world: Waiting): void {
  const { queue, tickEvents, warner } = world
  const { tick } = tickEvents
  world.cancelTickWarning ??= setLimit(warner.config.clock, 5_000, look, true)

  function look(): void {
    world.cancelTickWarning = undefined
    if (queue.waitingEvents === 0) return
    const message = `${queue.waitingEvents} events wait: NetworkSystem(world) has not run for 5 s; call it once a tick`
    if (tickEvents.tick === tick) warn(warner, 'noTick', message, minuteMs)
    else warnOfWaiting(world)
  }
}
