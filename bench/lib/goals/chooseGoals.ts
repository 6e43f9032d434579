import { usage } from '../parseOptions.ts'
import { type Workload } from './Workload.ts'
import { type ProgramEntry, programList, slowGoals, workloadList } from './workloadList.ts'

/** What a run is made of. */
export interface Chosen {
  readonly workloads: readonly Workload[]
  readonly programs: readonly ProgramEntry[]
}

/** By the names of goals or workloads; all but the slow ones for none. Throws on a name that nothing has. */
export function chooseGoals(names: readonly string[]): Chosen {
  const known = new Set([
    ...workloadList.flatMap(({ goals, name }) => [...goals, name]),
    ...programList.map(({ goal }) => goal),
  ])
  for (const name of names)
    if (!known.has(name))
      throw new Error(`expected goals of ${[...known].join(', ')}, got ${name}\n\n${usage}`)
  const has = (...own: readonly string[]): boolean =>
    names.length === 0
      ? !own.some((name) => slowGoals.includes(name))
      : own.some((name) => names.includes(name))
  return {
    workloads: workloadList.filter(({ goals, name }) => has(...goals, name)),
    programs: programList.filter(({ goal }) => has(goal)),
  }
}
