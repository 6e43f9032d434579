import { type Fault } from './Fault.ts'

/** Durations are halved down to this, as far as the run still fails. */
const durationMsMin = 1

/** Whether a run with these faults still fails as it did. */
export type StillFails = (faults: readonly Fault[]) => Promise<boolean>

/**
 * Makes a schedule of faults that fails smaller, by delta debugging: leaves out halves, quarters and so on down to single
 * faults, then shortens what lasts.
 *
 * @param failedAtMs when the run failed: what was to begin later did not happen
 * @param stillFails is asked `runsMax` times at most
 * @returns the smallest schedule that still failed, and how often it asked
 */
export async function shrinkFaults(
  faults: readonly Fault[],
  failedAtMs: number,
  stillFails: StillFails,
  runsMax: number,
): Promise<{ readonly faults: readonly Fault[]; readonly runs: number }> {
  let runs = 0
  let smallest = faults
  const tryWith = async (candidate: readonly Fault[]): Promise<boolean> => {
    if (runs >= runsMax) return false
    runs++
    if (!(await stillFails(candidate))) return false
    smallest = candidate
    return true
  }
  const begun = faults.filter(({ atMs }) => atMs <= failedAtMs)
  if (begun.length < faults.length) await tryWith(begun)
  await leaveOut(() => smallest, tryWith)
  await shorten(() => smallest, tryWith)
  return { faults: smallest, runs }
}

/** Leaves out parts, each half as long as before, until no single fault can be left out. */
async function leaveOut(smallest: () => readonly Fault[], tryWith: StillFails): Promise<void> {
  for (let part = smallest().length; part >= 1;) {
    let hasShrunk = false
    for (let from = 0; from < smallest().length;) {
      const without = smallest().filter((_, index) => index < from || index >= from + part)
      if (await tryWith(without)) hasShrunk = true
      else from += part
    }
    // What could not be left out before may be now.
    if (part > 1) part = Math.ceil(Math.min(part, smallest().length) / 2)
    else if (!hasShrunk) return
  }
}

async function shorten(smallest: () => readonly Fault[], tryWith: StillFails): Promise<void> {
  for (let index = 0; index < smallest().length; index++)
    for (;;) {
      const fault = smallest()[index]!
      if (fault.kind === 'heal' || fault.durationMs === undefined) break
      const durationMs = Math.floor(fault.durationMs / 2)
      if (durationMs < durationMsMin) break
      const shorter = { ...fault, durationMs }
      if (!(await tryWith(smallest().map((each) => (each === fault ? shorter : each))))) break
    }
}
