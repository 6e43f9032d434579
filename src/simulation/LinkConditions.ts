import { checkOptions, type OptionCheck, type OptionTable } from '../errors/checkOptions.ts'
import { show, wrongType } from '../errors/argumentErrors.ts'
import { oneOf } from '../errors/optionChecks.ts'
import { type JitterShape } from './jitter.ts'

/** Loss that comes in bursts, after Gilbert and Elliott: a line is good or bad, and turns at random with each packet. */
export interface BurstLoss {
  /** The chance that a packet finds the line turned bad, 0 to 1. */
  readonly start: number
  /** The chance that a packet finds it good again, 0 to 1. */
  readonly end: number
  /** The share of packets lost while it is bad, 0 to 1. */
  readonly loss: number
}

/** What a link does in one direction to what travels on it. */
export interface LinkConditions {
  /** How long a packet travels, one way, in milliseconds. */
  readonly latencyMs: number
  /** How much that varies: the limit on both sides for `uniform`, the deviation for the other shapes. */
  readonly jitterMs: number
  readonly jitter: JitterShape
  /** The share of packets lost, 0 to 1. What is reliable is sent again, and so late. */
  readonly loss: number
  /** Loss in bursts, besides `loss`; `false` for none. */
  readonly burst: BurstLoss | false
  /** The share of datagrams that arrive twice, 0 to 1. */
  readonly duplicate: number
  /** The share of datagrams that overtake those before them, 0 to 1: they travel without latency. */
  readonly reorder: number
  /** The share of packets in which a byte changes, 0 to 1. Connections notice it, and send again. */
  readonly corrupt: number
  /** `Infinity` for no limit. */
  readonly bytesPerSecond: number
  /** Bytes that may wait for their turn where `bytesPerSecond` is a limit: datagrams beyond it are dropped. */
  readonly queueBytes: number
  /** Bytes of a packet: larger datagrams travel in parts, and are lost with any of them. */
  readonly mtu: number
  /** Streams: the largest piece in which bytes arrive, `Infinity` for as they were sent. Pieces have random sizes up to it. */
  readonly sliceBytes: number
}

/** A perfect line: everything arrives at once. */
export const perfectLine: LinkConditions = {
  latencyMs: 0,
  jitterMs: 0,
  jitter: 'normal',
  loss: 0,
  burst: false,
  duplicate: 0,
  reorder: 0,
  corrupt: 0,
  bytesPerSecond: Infinity,
  queueBytes: 65_536,
  mtu: 1_500,
  sliceBytes: Infinity,
}

/** Whether everything arrives at once, whole and once: sizes of packets and queues do not matter then, nor who overtakes whom. */
export function isPerfect(conditions: LinkConditions): boolean {
  const { burst, bytesPerSecond, sliceBytes } = conditions
  const { latencyMs, jitterMs, loss, duplicate, corrupt } = conditions
  return (
    latencyMs + jitterMs + loss + duplicate + corrupt === 0 &&
    burst === false &&
    bytesPerSecond === Infinity &&
    sliceBytes === Infinity
  )
}

/** @returns a check of numbers from `min` to `max`, `Infinity` if `max` is it */
function numberIn(min: number, max: number): OptionCheck {
  return (where, name, value) => {
    if (typeof value !== 'number') throw wrongType(where, name, 'a number', value)
    if (!(value >= min && value <= max))
      throw new RangeError(`${where}: ${name} must be in ${min}..${max}, got ${show(value)}`)
  }
}

const checkShare = numberIn(0, 1)
const checkTime = numberIn(0, 3_600_000)

const burstChecks: OptionTable<BurstLoss> = { start: checkShare, end: checkShare, loss: checkShare }

const conditionChecks: OptionTable<LinkConditions> = {
  latencyMs: checkTime,
  jitterMs: checkTime,
  jitter: oneOf('uniform', 'normal', 'pareto'),
  loss: checkShare,
  burst(where, name, value) {
    if (value === false) return
    if (typeof value !== 'object' || value === null)
      throw wrongType(where, name, 'start, end and loss, or false', value)
    const { start, end, loss } = value as BurstLoss
    checkOptions(where, name, value as BurstLoss, burstChecks)
    for (const [part, share] of Object.entries({ start, end, loss }))
      checkShare(where, `${name}.${part}`, share)
  },
  duplicate: checkShare,
  reorder: checkShare,
  corrupt: checkShare,
  bytesPerSecond: numberIn(1, Infinity),
  queueBytes: numberIn(0, Infinity),
  mtu: numberIn(68, Infinity),
  sliceBytes: numberIn(1, Infinity),
}

/**
 * The conditions with some changed.
 *
 * @throws TypeError or RangeError for conditions that there are not, or out of range
 */
export function withChanges(
  where: string,
  conditions: LinkConditions,
  changes: Partial<LinkConditions>,
): LinkConditions {
  return {
    ...conditions,
    ...checkOptions(
      where,
      'condition',
      changes,
      conditionChecks as OptionTable<Partial<LinkConditions>>,
    ),
  }
}
