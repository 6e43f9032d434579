// The face bitecs-networking/simulation: a network in memory between the worlds of one process, as bad as you like, whole
// sessions on it, and the search for what breaks them; and bad lines for real sockets.

export {
  type ConditionedLine,
  type ConditionedTransport,
  type ConditionedTransportOptions,
  type LineChoice,
  type LineWay,
} from './simulation/ConditionedTransport.ts'
export { createMemoryNetwork } from './simulation/createMemoryNetwork.ts'
export { type JitterShape } from './simulation/jitter.ts'
export { type BurstLoss, type LinkConditions } from './simulation/LinkConditions.ts'
export {
  type Between,
  type ConditionsChoice,
  type JoinOptions,
  type MemoryNetwork,
  type MemoryNetworkOptions,
} from './simulation/MemoryNetwork.ts'
export { type PresetName, presets } from './simulation/presets.ts'
export { withConditions } from './simulation/withConditions.ts'
export { createRandom } from './simulation/createRandom.ts'

export {
  type ConditionsFault,
  type CrashFault,
  type CutFault,
  type Fault,
  type FaultPlace,
  type HealFault,
} from './simulation/Fault.ts'
export { type FaultRates } from './simulation/FaultRates.ts'
export {
  type Invariant,
  type SimulatedClients,
  type SimulatedGame,
  type SimulateOptions,
  type SimulationRun,
} from './simulation/SimulateOptions.ts'
export { type SimulationResult, simulate } from './simulation/simulate.ts'
export { type SearchOptions, type SearchResult, simulateSeeds } from './simulation/simulateSeeds.ts'
export { type SearchFigures, SimulationError } from './simulation/SimulationError.ts'
export {
  type CostSpan,
  type LatencyFigures,
  type SimulationCost,
  type SimulationFailure,
  type SimulationReport,
  type SocketReport,
  type SpanReport,
  type TrafficFigures,
} from './simulation/SimulationReport.ts'
export { reportHtml } from './simulation/reportHtml.ts'
export { reportJson } from './simulation/reportJson.ts'
export { reportText } from './simulation/reportText.ts'
