import { createChurnTraffic } from './createChurnTraffic.ts'
import { createEchoTraffic } from './createEchoTraffic.ts'
import { createIdleTraffic } from './createIdleTraffic.ts'
import { createProbeTraffic } from './createProbeTraffic.ts'
import { createTickTraffic } from './createTickTraffic.ts'
import { type LoadWork } from './LoadMessage.ts'
import { type Traffic, type TrafficTarget } from './Traffic.ts'

/** Makes clients that do what they are told. */
export function createTraffic(work: LoadWork, target: TrafficTarget): Traffic {
  switch (work.kind) {
    case 'echo':
      return createEchoTraffic(target, work.clients, work.inFlight)
    case 'ticks':
      return createTickTraffic(target, work)
    case 'probes':
      return createProbeTraffic(target, work.probes, work.flooders, work.inFlight)
    case 'idle':
      return createIdleTraffic(target, work)
    default:
      return createChurnTraffic(target, work.clients)
  }
}
