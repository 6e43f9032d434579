import { type LinkConditions } from './LinkConditions.ts'

/** Names of ready conditions. */
export type PresetName = 'perfect' | 'lan' | 'wifi' | 'lte' | '3g' | 'satellite'

const bitsPerByte = 8
const megabit = 1_000_000 / bitsPerByte

/**
 * Lines by what they are, each direction alike. Latency is half of the round trip. That and bandwidth of `lte` and `3g` are those
 * of WebPageTest's profiles of these names (70 ms and 12 Mbit/s; 300 ms and 1.6 Mbit/s); a geostationary satellite is 35,786 km
 * up, which takes 239.6 ms at least (RFC 2488 section 2). Jitter and loss are chosen here, in the middle of what players meet.
 */
export const presets: Readonly<Record<PresetName, Partial<LinkConditions>>> = {
  perfect: {},
  lan: { latencyMs: 0.3, jitterMs: 0.1, bytesPerSecond: 1_000 * megabit, queueBytes: 1_048_576 },
  wifi: {
    latencyMs: 10,
    jitterMs: 4,
    jitter: 'pareto',
    loss: 0.002,
    burst: { start: 0.001, end: 0.3, loss: 0.5 },
    bytesPerSecond: 50 * megabit,
    queueBytes: 262_144,
  },
  lte: {
    latencyMs: 35,
    jitterMs: 8,
    jitter: 'pareto',
    loss: 0.005,
    bytesPerSecond: 12 * megabit,
    queueBytes: 262_144,
  },
  '3g': {
    latencyMs: 150,
    jitterMs: 30,
    jitter: 'pareto',
    loss: 0.01,
    bytesPerSecond: 1.6 * megabit,
    queueBytes: 131_072,
  },
  satellite: {
    latencyMs: 300,
    jitterMs: 10,
    loss: 0.005,
    burst: { start: 0.0005, end: 0.05, loss: 0.3 },
    bytesPerSecond: 5 * megabit,
    queueBytes: 524_288,
  },
}
