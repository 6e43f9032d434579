import { type Script } from './Session.ts'

/** Takes out of a script what it fails without: ticks, from many at a time to one, then single steps. */
export function shrink(script: Script, fails: (script: Script) => boolean): Script {
  let { ticks } = script
  const attempt = (other: Script['ticks']): boolean => {
    if (!fails({ ...script, ticks: other })) return false
    ticks = other
    return true
  }
  for (let size = ticks.length >> 1; size > 0; size >>= 1)
    for (let from = 0; from < ticks.length;)
      if (!attempt([...ticks.slice(0, from), ...ticks.slice(from + size)])) from += size
  for (let at = 0; at < ticks.length; at++)
    for (let step = 0; step < ticks[at]!.length;) {
      const steps = ticks[at]!.filter((_, index) => index !== step)
      if (!attempt(ticks.with(at, steps))) step++
    }
  return { ...script, ticks }
}
