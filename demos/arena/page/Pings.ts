const everyMs = 1000
/** How much of the measured time is that of the newest ping. */
const weight = 0.3

/** Measures the round trip to the server. Times are in milliseconds of the page's clock. */
export class Pings {
  /** `undefined` before the first answer. */
  roundTripMs: number | undefined
  readonly #send: (token: number) => void
  #token = 0
  #sent = Number.NEGATIVE_INFINITY

  constructor(send: (token: number) => void) {
    this.#send = send
  }

  tick(now: number): void {
    if (now - this.#sent < everyMs) return
    this.#sent = now
    this.#token = (this.#token + 1) >>> 0
    this.#send(this.#token)
  }

  /** Only the answer to the newest ping tells something. */
  answered(token: number, now: number): void {
    if (token !== this.#token) return
    const measured = now - this.#sent
    this.roundTripMs =
      this.roundTripMs === undefined
        ? measured
        : this.roundTripMs + (measured - this.roundTripMs) * weight
  }

  /** Forgets what was measured: the next server may be nearer. */
  clear(): void {
    this.roundTripMs = undefined
  }
}
