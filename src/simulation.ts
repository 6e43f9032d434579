// The face bitecs-networking/simulation: a network in memory between the worlds of one process, as bad as you like; and bad
// lines for real sockets.

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
