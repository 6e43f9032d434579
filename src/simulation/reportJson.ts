import { type SimulationCost, type SimulationReport } from './SimulationReport.ts'

/**
 * A report as JSON: `{ report, cost }`. `report` follows from the seed, `cost` is another each time, and is left out if there
 * is none. What was thrown is left out.
 */
export function reportJson(report: SimulationReport, cost?: SimulationCost): string {
  return JSON.stringify(
    { report, cost },
    (key, value: unknown) => (key === 'cause' ? undefined : value),
    1,
  )
}
