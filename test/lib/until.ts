import { type World } from 'bitecs'
import { NetworkSystem } from 'bitecs-networking'
import { setImmediate as turn } from 'node:timers/promises'
import { patience } from './patience.ts'

/** What is done between two looks at a condition: ticks of worlds, or anything else. */
export type Step = readonly World[] | (() => void)

/** Ticks and lets the event loop turn until the condition holds. Fails, quoting it, when that takes too long. */
export async function until(
  condition: () => boolean,
  step: Step = [],
  limitMs = 10_000,
): Promise<void> {
  const run =
    typeof step === 'function' ? step : () => step.forEach((world) => NetworkSystem(world))
  const end = performance.now() + limitMs * patience
  while (!condition()) {
    if (performance.now() > end)
      throw new Error(`still not so after ${limitMs} ms: ${String(condition)}`)
    run()
    await turn()
  }
}

/** Lets the event loop turn often enough for what was written to be read at the other end. */
export async function turns(count = 3): Promise<void> {
  for (let index = 0; index < count; index++) await turn()
}
