import { Histogram } from './Histogram.ts'
import { type LatencyFigures, type TrafficFigures } from './SimulationReport.ts'

/** Counts what a network carries. */
export class Tally {
  events = 0
  bytesIn = 0
  bytesOut = 0
  lostPackets = 0
  readonly latency: Histogram = new Histogram()

  addSent(size: number, lostPackets: number): void {
    this.bytesOut += size
    this.lostPackets += lostPackets
  }

  /** Adds what another has counted. */
  addAll({ events, bytesIn, bytesOut, lostPackets, latency }: Tally): void {
    this.events += events
    this.bytesIn += bytesIn
    this.addSent(bytesOut, lostPackets)
    this.latency.addAll(latency)
  }

  figures(): TrafficFigures {
    const { events, bytesIn, bytesOut, lostPackets } = this
    return { events, bytesIn, bytesOut, lostPackets, latency: figuresOf(this.latency) }
  }

  clear(): void {
    this.events = this.bytesIn = this.bytesOut = this.lostPackets = 0
    this.latency.clear()
  }
}

export function figuresOf(histogram: Histogram): LatencyFigures {
  return {
    count: histogram.count,
    p50Ms: histogram.quantile(0.5),
    p95Ms: histogram.quantile(0.95),
    p99Ms: histogram.quantile(0.99),
    maxMs: histogram.maxMs,
  }
}
