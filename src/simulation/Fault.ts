import { checkInteger, show, wrongType } from '../errors/argumentErrors.ts'
import { checkOptions, type OptionCheck, type OptionTable } from '../errors/checkOptions.ts'
import { integerIn } from '../errors/optionChecks.ts'
import { chooseConditions } from './chooseConditions.ts'
import { perfectLine } from './LinkConditions.ts'
import { type ConditionsChoice } from './MemoryNetwork.ts'

/** Which links a fault is of: all links of a game in both directions, one direction, or without any of these all links. */
export interface FaultPlace {
  /** All links of this game, both ways: `'server'`, `'client 3'`. */
  readonly of?: string
  /** Links from this game only. */
  readonly from?: string
  /** Links to this game only. */
  readonly to?: string
}

/** Nothing passes. The cut is healed after `durationMs`, never without it. */
export interface CutFault extends FaultPlace {
  readonly kind: 'cut'
  readonly atMs: number
  readonly durationMs?: number
}

/** What was cut passes again, whatever cut it. */
export interface HealFault extends FaultPlace {
  readonly kind: 'heal'
  readonly atMs: number
}

/** Other conditions. The conditions of the run come back after `durationMs`, never without it. */
export interface ConditionsFault extends FaultPlace {
  readonly kind: 'conditions'
  readonly atMs: number
  readonly conditions: ConditionsChoice
  readonly durationMs?: number
}

/** A game loses power. It starts again, in new worlds, after `durationMs`, never without it. */
export interface CrashFault {
  readonly kind: 'crash'
  readonly atMs: number
  readonly of: string
  readonly durationMs?: number
}

/** What happens to a run from outside, at the first tick at or after `atMs`. It can be written as JSON and read again. */
export type Fault = CutFault | HealFault | ConditionsFault | CrashFault

const checkMs = integerIn(0)

const checkConditions: OptionCheck = (where, _name, value) => {
  chooseConditions(where, perfectLine, value as ConditionsChoice)
}

/** The names of games: the server, and clients by their index. */
function checkName(clients: number): OptionCheck {
  return (where, name, value) => {
    if (value === 'server') return
    const index = /^client (0|[1-9]\d*)$/.exec(String(value))?.[1]
    if (index === undefined || Number(index) >= clients)
      throw wrongType(
        where,
        name,
        clients === 0 ? "'server'" : `'server' or 'client 0' to 'client ${clients - 1}'`,
        value,
      )
  }
}

/**
 * Checks a schedule of faults.
 *
 * @returns a copy in order of time; what happens at one time stays in order
 * @throws TypeError or RangeError for what is no fault of a run with so many clients
 */
export function checkFaults(where: string, faults: readonly Fault[], clients: number): Fault[] {
  const game = checkName(clients)
  const time: OptionTable<{ kind: string; atMs: number }> = { kind() {}, atMs: checkMs }
  const place: OptionTable<FaultPlace> = { of: game, from: game, to: game }
  const tables: Readonly<Record<string, OptionTable<object>>> = {
    cut: { ...time, ...place, durationMs: checkMs },
    heal: { ...time, ...place },
    conditions: { ...time, ...place, durationMs: checkMs, conditions: checkConditions },
    crash: { ...time, of: game, durationMs: checkMs },
  }
  const checked = faults.map((fault, index) => {
    const at = `${where}: faults[${index}]`
    const { kind, atMs } = Object(fault) as Partial<Fault>
    if (kind === undefined || !Object.hasOwn(tables, kind))
      throw wrongType(at, 'kind', "'cut', 'heal', 'conditions' or 'crash'", kind)
    checkInteger(at, 'atMs', atMs, 0, Number.MAX_SAFE_INTEGER)
    const given = checkOptions<object>(at, 'key', fault, tables[kind]!) as Partial<
      FaultPlace & ConditionsFault
    >
    if (given.of !== undefined && (given.from ?? given.to) !== undefined)
      throw new TypeError(`${at}: of is both ways: neither from nor to goes with it`)
    if (kind === 'crash' && given.of === undefined) throw wrongType(at, 'of', 'a game', given.of)
    if (kind === 'conditions' && given.conditions === undefined)
      throw new TypeError(`${at}: conditions must be given, got ${show(given.conditions)}`)
    return { ...fault }
  })
  return checked.sort((a, b) => a.atMs - b.atMs)
}
