import { Histogram } from './Histogram.ts'
import { type CostSpan, type SimulationCost } from './SimulationReport.ts'
import { figuresOf } from './Tally.ts'

const parts = ['networkMs', 'serverMs', 'clientsMs'] as const

/** Which part of a tick. */
export type CostPart = (typeof parts)[number]

/** Measures what the parts of ticks cost in real time. */
export class CostMeter {
  readonly #now: () => number
  readonly #startMs: number
  #lastMs: number
  readonly #server = new Histogram()
  readonly #whole = new Histogram()
  readonly #spans: CostSpan[] = []
  #span = { networkMs: 0, serverMs: 0, clientsMs: 0, ticks: 0 }
  #tickMs = 0
  #spanFromMs = 0

  constructor(now: () => number) {
    this.#now = now
    this.#startMs = this.#lastMs = now()
  }

  /** What follows is measured. */
  begin(): void {
    this.#lastMs = this.#now()
  }

  /** What has passed since the last call was this part's. */
  end(part: CostPart): void {
    const nowMs = this.#now()
    const tookMs = nowMs - this.#lastMs
    this.#lastMs = nowMs
    this.#span[part] += tookMs
    this.#tickMs += tookMs
    if (part === 'serverMs') this.#server.add(tookMs)
  }

  endTick(): void {
    this.#whole.add(this.#tickMs)
    this.#tickMs = 0
    this.#span.ticks++
  }

  /** @param toMs the time of the simulation at which a span ends */
  endSpan(toMs: number): void {
    const { networkMs, serverMs, clientsMs, ticks } = this.#span
    if (ticks === 0) return
    this.#spans.push({
      fromMs: this.#spanFromMs,
      networkMs: networkMs / ticks,
      serverMs: serverMs / ticks,
      clientsMs: clientsMs / ticks,
    })
    this.#spanFromMs = toMs
    this.#span = { networkMs: 0, serverMs: 0, clientsMs: 0, ticks: 0 }
  }

  cost(simulatedMs: number): SimulationCost {
    this.endSpan(simulatedMs)
    const wallMs = this.#now() - this.#startMs
    return {
      wallMs,
      speed: wallMs > 0 ? simulatedMs / wallMs : 0,
      serverTick: figuresOf(this.#server),
      wholeTick: figuresOf(this.#whole),
      spans: this.#spans,
    }
  }
}
