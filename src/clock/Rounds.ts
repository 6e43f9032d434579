// Many things that are looked at in turn, such as silent peers.

/** How often a round begins. */
const intervalMs = 500
/** A round of more takes several calls, so that none is long. */
const partMin = 128
/** A round takes no longer, however rarely it is gone on with. */
const roundMsMax = 2_000

/** Many things that are looked at in rounds, each once a round: few at once, many in parts. */
export class Rounds<T> {
  readonly all: Set<T> = new Set()
  /** What the round has not come to. */
  #rest: Iterator<T> | undefined
  #beganMs = 0
  #calledMs = 0

  /** Looks at the next part, if a round is due or not done. What is added meanwhile may belong to the round. */
  goOn(nowMs: number, look: (each: T) => void): void {
    const share = (nowMs - this.#calledMs) / roundMsMax
    this.#calledMs = nowMs
    if (this.#rest === undefined) {
      if (nowMs - this.#beganMs < intervalMs) return
      this.#beganMs = nowMs
      this.#rest = this.all.values()
    }
    for (let left = Math.max(partMin, Math.ceil(this.all.size * share)); left > 0; left--) {
      const next = this.#rest.next()
      if (next.done === true) {
        this.#rest = undefined
        return
      }
      look(next.value)
    }
  }
}
