import { type Clock } from '../clock/Clock.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { checkOptions } from '../errors/checkOptions.ts'
import { isObject } from '../errors/isObject.ts'
import { chooseConditions } from './chooseConditions.ts'
import { type ConditionedLine, type LineChoice, type LineWay } from './ConditionedTransport.ts'
import { Deliveries } from './Deliveries.ts'
import { perfectLine } from './LinkConditions.ts'
import { LinkDirection, type LinkState, type LinkTotals } from './LinkDirection.ts'
import { type ConditionsChoice } from './MemoryNetwork.ts'

/** A connection behind a line. */
export interface LineUser {
  /** A direction was cut. */
  cut(): void
  /** A direction passes again. */
  healed(): void
}

const ways: readonly LineWay[] = ['out', 'in']
/** The conditions themselves are checked where they are chosen. */
const wayChecks = { out() {}, in() {} }

/** The conditions that all sockets of a transport share. Each has a line of its own: its own bandwidth, and its own bursts. */
export class BadLine implements ConditionedLine {
  readonly clock: Clock
  readonly users: Set<LineUser> = new Set()
  readonly #random: () => number
  readonly #states: Readonly<Record<LineWay, LinkState>>
  readonly #totals: LinkTotals = { lostPackets: 0, changes: 0 }

  constructor(where: string, choice: LineChoice, clock: Clock, random: () => number) {
    this.clock = clock
    this.#random = random
    this.#states = {
      out: { conditions: perfectLine, isCut: false },
      in: { conditions: perfectLine, isCut: false },
    }
    this.#choose(where, choice)
  }

  /** What carries one socket's bytes that way. */
  direction(way: LineWay): LinkDirection {
    return new LinkDirection([this.#states[way]], this.#random, this.#totals)
  }

  deliveries(): Deliveries {
    return new Deliveries(this.clock)
  }

  /** A packet found no room. */
  lose(): void {
    this.#totals.lostPackets++
  }

  get lostPackets(): number {
    return this.#totals.lostPackets
  }

  setConditions(choice: LineChoice): void {
    this.#choose('setConditions', choice)
  }

  cut(way?: LineWay): void {
    this.#setCut('cut', way, true)
    for (const user of this.users) user.cut()
  }

  heal(way?: LineWay): void {
    this.#setCut('heal', way, false)
    for (const user of this.users) user.healed()
  }

  #setCut(where: string, way: LineWay | undefined, isCut: boolean): void {
    if (way !== undefined && !ways.includes(way))
      throw wrongType(where, 'way', "'out' or 'in'", way)
    for (const each of ways) if ((way ?? each) === each) this.#states[each].isCut = isCut
    this.#totals.changes++
  }

  #choose(where: string, choice: LineChoice): void {
    const chosen = isForWays(choice)
      ? checkOptions(where, 'direction', choice, wayChecks)
      : { out: choice, in: choice }
    // All are checked before any is changed.
    const changes = ways.map((way) => {
      const before = this.#states[way].conditions ?? perfectLine
      const conditions = chosen[way]
      return conditions === undefined ? before : chooseConditions(where, before, conditions)
    })
    for (const [index, way] of ways.entries()) this.#states[way].conditions = changes[index]
    this.#totals.changes++
  }
}

function isForWays(choice: LineChoice): choice is { readonly [Way in LineWay]?: ConditionsChoice } {
  return isObject(choice) && ways.some((way) => way in choice)
}
