import { type World } from 'bitecs'
import { NetworkSystem } from 'bitecs-networking'
import { setImmediate as turn, setTimeout as rest } from 'node:timers/promises'
import { patience } from './patience.ts'

/** What is done between two looks at a condition: ticks of worlds, or anything else. */
export type Step = readonly World[] | (() => void)

/** Turns of the event loop after which a condition needs somebody else's time: another process, or a timer. */
const eagerTurns = 100

/** Ticks and lets the event loop turn until the condition holds. Fails, quoting it, when that takes too long. */
export async function until(
  condition: () => boolean,
  step: Step = [],
  limitMs = 10_000,
): Promise<void> {
  const run =
    typeof step === 'function' ? step : () => step.forEach((world) => NetworkSystem(world))
  const end = performance.now() + limitMs * patience
  for (let turnsTaken = 0; !condition(); turnsTaken++) {
    if (performance.now() > end)
      throw new Error(`still not so after ${limitMs} ms: ${String(condition)}`)
    run()
    // A function may move a virtual clock, which needs no time. What else waits leaves the cores to others.
    if (turnsTaken < eagerTurns || typeof step === 'function') await turn()
    else await rest(1)
  }
}

/** Lets the event loop turn often enough for what was written to be read at the other end. */
export async function turns(count = 3): Promise<void> {
  for (let index = 0; index < count; index++) await turn()
}
