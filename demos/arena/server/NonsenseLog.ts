import { ticksPerSecond } from '../shared/constants.ts'

/** So many seconds pass between two lines. */
const secondsBetween = 10

/** Prints who has sent nonsense: a line at once, and then one for all that follow, so that nobody can fill the log. */
export class NonsenseLog {
  readonly #print: (line: string) => void
  #nextTick = 0
  #unprinted = 0

  constructor(print: (line: string) => void) {
    this.#print = print
  }

  note(tick: number, ip: string, port: number): void {
    if (tick < this.#nextTick) {
      this.#unprinted++
      return
    }
    const more = this.#unprinted === 0 ? '' : `; so were ${this.#unprinted} others before`
    this.#print(
      `${ip} port ${port} sent something that is no message of this game, and is disconnected${more}`,
    )
    this.#nextTick = tick + secondsBetween * ticksPerSecond
    this.#unprinted = 0
  }
}
