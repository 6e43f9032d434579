import { setLimit } from '../clock/patience.ts'
import { minuteMs, warn } from '../warnings/Warner.ts'
import { type Network } from './Network.ts'

/** Events have begun to wait: warns if no tick takes them for 5 s. Looks again while ticks run and events wait. */
export function expectTick(network: Network): void {
  const { config, queue, tickEvents, warner } = network
  const { tick } = tickEvents
  network.cancelTickWarning ??= setLimit(config.clock, 5_000, look, true)

  function look(): void {
    network.cancelTickWarning = undefined
    if (queue.waitingEvents === 0) return
    const message = `${queue.waitingEvents} events wait, and NetworkSystem(world) has not run for 5 s: handlers run in it alone; call it once a tick`
    if (tickEvents.tick === tick) warn(warner, 'noTick', message, minuteMs)
    else expectTick(network)
  }
}
