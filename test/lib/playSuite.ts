import { transportCases, type TransportSubject } from 'bitecs-networking/testing'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'

/** Plays all cases one after the other; what failed, and why. */
async function failuresOf(subject: TransportSubject): Promise<string[]> {
  const failures: string[] = []
  for (const { name, run } of transportCases(subject))
    await run().catch((error: unknown) => failures.push(`${name}\n  ${String(error)}`))
  return failures
}

/** Declares a suite that plays the transport suite over each subject. */
export function playSuite(
  name: string,
  subjects: readonly TransportSubject[],
  limitMs: number,
): void {
  spec(
    name,
    (it) => {
      // They wait more than they work: all at once.
      let runs: Promise<string[]>[] | undefined
      for (const [index, subject] of subjects.entries())
        it(subject.name, async () => {
          runs ??= subjects.map(failuresOf)
          assert.equal(await runs[index], [])
        })
    },
    limitMs,
  )
}
