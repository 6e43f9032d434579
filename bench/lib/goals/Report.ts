// What a run writes with `--json`.
import { type GrowthTable } from '../growth/GrowthTable.ts'
import { type Figures } from './Workload.ts'

/** All figures of a run. */
export interface Report {
  readonly machine: string
  readonly workloads: WorkloadReport[]
  readonly growth: GrowthTable[]
}

/** One workload; each server has a run for each round. */
interface WorkloadReport {
  readonly name: string
  readonly title: string
  readonly measures: readonly { readonly key: string; readonly head: string }[]
  readonly servers: readonly { readonly name: string; readonly runs: readonly Figures[] }[]
}
