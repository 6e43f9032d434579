// The rounds of one workload.
//
// Each round starts both sides afresh. Two processes of the very same program differ by up to a tenth, for as long
// as they live: what the compiler inlined depends on the moment at which it looked. Rounds of one pair of processes
// would measure that difference ever more exactly, and call it one of the revisions.
import { type CompareOptions } from './parseCompareOptions.ts'
import { Subject } from './Subject.ts'
import { type Workload } from './workloadList.ts'

/** Work before a round is measured, as a part of what is measured. */
const warmUpShare = 1.5
const doublingsMax = 24

/** The folders of both sides. */
export interface Sides {
  readonly revision: string
  readonly tree: string
}

/** CPU microseconds for one of what is counted, of each round. */
export interface Round {
  readonly revision: number
  readonly tree: number
}

/** Does the same work on both sides in each round, and as much in every round. */
export async function compareWorkload(
  workload: Workload,
  sides: Sides,
  { rounds, seconds }: CompareOptions,
): Promise<readonly Round[]> {
  const units = await withBoth(workload, sides, async (revision, tree) =>
    Math.min(
      await unitsFor(workload, revision, seconds / 2),
      await unitsFor(workload, tree, seconds / 2),
    ),
  )
  const results: Round[] = []
  for (let round = 0; round < rounds; round++)
    results.push(
      await withBoth(workload, sides, async (revision, tree) => {
        const warmUp = Math.ceil(units * 2 * warmUpShare)
        await Promise.all([revision.run(warmUp), tree.run(warmUp)])
        const counted = units * 2 * workload.perUnit
        const [first, second] = round % 2 === 0 ? [revision, tree] : [tree, revision]
        const [ofFirst, ofSecond] = await measure(first, second, units)
        const [ofRevision, ofTree] = first === revision ? [ofFirst, ofSecond] : [ofSecond, ofFirst]
        return { revision: ofRevision / counted, tree: ofTree / counted }
      }),
    )
  return results
}

/** Runs A B B A, so that what else the machine does falls on both alike; returns the CPU time of each. */
async function measure(a: Subject, b: Subject, units: number): Promise<[number, number]> {
  let [ofA, ofB] = [0, 0]
  ofA += (await a.run(units)).cpuMicros
  ofB += (await b.run(units)).cpuMicros
  ofB += (await b.run(units)).cpuMicros
  ofA += (await a.run(units)).cpuMicros
  return [ofA, ofB]
}

/** Starts both sides, and ends them in any case. */
async function withBoth<Result>(
  workload: Workload,
  sides: Sides,
  work: (revision: Subject, tree: Subject) => Promise<Result>,
): Promise<Result> {
  const starting = [sides.revision, sides.tree].map((folder) => Subject.start(folder, workload))
  try {
    const [revision, tree] = await Promise.all(starting)
    return await work(revision!, tree!)
  } finally {
    for (const start of await Promise.allSettled(starting))
      if (start.status === 'fulfilled') await start.value.end()
  }
}

/**
 * Doubles the work until it takes long enough, and returns how many units take `seconds`. By CPU time, so that a busy
 * machine does not shorten the rounds; a server sleeps for about half of the time.
 */
async function unitsFor(workload: Workload, subject: Subject, seconds: number): Promise<number> {
  const wantedMicros = seconds * ('server' in workload ? 0.5e6 : 1e6)
  for (let units = 1, doublings = 0; ; units *= 2, doublings++) {
    const { allMicros } = await subject.run(units)
    if (allMicros >= wantedMicros || doublings === doublingsMax)
      return Math.max(1, Math.round((units * wantedMicros) / allMicros))
  }
}
