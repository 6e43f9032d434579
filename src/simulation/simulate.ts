import { faultsOf } from './FaultRates.ts'
import { checkSimulateOptions, type SimulateOptions } from './SimulateOptions.ts'
import { Simulation } from './Simulation.ts'
import { SimulationError } from './SimulationError.ts'
import { type SimulationCost, type SimulationReport } from './SimulationReport.ts'

/** A run that has not failed. */
export interface SimulationResult<Server = unknown, Client = unknown> {
  readonly seed: number
  readonly report: SimulationReport
  /** What it cost in real time; `undefined` without `wallClock`. */
  readonly cost: SimulationCost | undefined
  /** What the games had returned, at the last tick. Their worlds are closed. */
  readonly server: Server | undefined
  readonly clients: readonly (Client | undefined)[]
}

/**
 * Runs a server and clients on a network in memory, in virtual time, tick by tick: the same seed is the same run. Each tick
 * lets time pass, does the faults that are due, then runs a tick of the server and of each client, in order, and lets the
 * promises settle that wait for nothing but the network; then it asks `invariant`, `until` and `afterTick`. In the end all
 * worlds are closed.
 *
 * @throws TypeError or RangeError for wrong options, at once and not through the promise
 * @returns a promise, which is rejected with a `SimulationError` when an invariant does not hold or a game throws
 */
export function simulate<Server, Client>(
  options: SimulateOptions<Server, Client>,
): Promise<SimulationResult<Server, Client>> {
  const where = 'simulate'
  const checked = checkSimulateOptions(where, options)
  const { seed = 1, hz = 60, ticks, faults = [], clients } = checked
  const span = { seed, lengthMs: Math.ceil((ticks * 1_000) / hz), clients: clients?.count ?? 0 }
  const simulation = new Simulation(checked, faultsOf(where, faults, span))
  return finish(simulation)
}

async function finish<Server, Client>(
  simulation: Simulation<Server, Client>,
): Promise<SimulationResult<Server, Client>> {
  const { server, clients } = await simulation.run()
  const report = simulation.report()
  if (report.failure !== undefined) throw new SimulationError(report, report.failure)
  return { seed: report.seed, report, cost: simulation.cost(), server, clients }
}
