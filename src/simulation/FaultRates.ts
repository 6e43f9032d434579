import { wrongType } from '../errors/argumentErrors.ts'
import { checkOptions, type OptionCheck, type OptionTable } from '../errors/checkOptions.ts'
import { integerIn } from '../errors/optionChecks.ts'
import { chooseConditions } from './chooseConditions.ts'
import { createRandom, drawInteger, drawOne } from './createRandom.ts'
import { checkFaults, type Fault, type FaultPlace } from './Fault.ts'
import { perfectLine } from './LinkConditions.ts'
import { type ConditionsChoice } from './MemoryNetwork.ts'

/** How often what goes wrong in a run: a schedule of faults is drawn from its seed. */
export interface FaultRates {
  /** Cuts of a client's links, in all clients together: most both ways, some one way. Default: 0. */
  readonly cutsPerMinute?: number
  /** The longest of them. Default: 5,000. */
  readonly cutMsMax?: number
  /** Crashes of a client, which starts again, in all clients together. Default: 0. */
  readonly crashesPerMinute?: number
  /** Crashes of the server, which starts again. Default: 0. */
  readonly serverCrashesPerMinute?: number
  /** The longest time until what has crashed starts again. Default: 5,000. */
  readonly crashMsMax?: number
  /** Times at which a client's links get other conditions for a while, in all clients together. Default: 0. */
  readonly changesPerMinute?: number
  /** The longest of them. Default: 10,000. */
  readonly changeMsMax?: number
  /** What they are changed to, one of these each time. Default: the presets `wifi`, `lte`, `3g` and `satellite`. */
  readonly conditions?: readonly ConditionsChoice[]
}

const checkRate: OptionCheck = (where, name, value) => {
  if (typeof value !== 'number' || !(value >= 0 && value <= 60_000))
    throw wrongType(where, name, 'a number in 0..60000', value)
}
const checkMsMax = integerIn(1)

const rateChecks: OptionTable<FaultRates> = {
  cutsPerMinute: checkRate,
  cutMsMax: checkMsMax,
  crashesPerMinute: checkRate,
  serverCrashesPerMinute: checkRate,
  crashMsMax: checkMsMax,
  changesPerMinute: checkRate,
  changeMsMax: checkMsMax,
  conditions(where, name, value) {
    if (!Array.isArray(value) || value.length === 0)
      throw wrongType(where, name, 'an array of conditions', value)
    for (const each of value as ConditionsChoice[]) chooseConditions(where, perfectLine, each)
  },
}

/** For how long, and between how many clients, faults are drawn. */
interface Span {
  readonly seed: number
  readonly lengthMs: number
  readonly clients: number
}

/**
 * The faults of a run: those that are given, or drawn from the seed at the rates that are given. The server's crashes are
 * drawn without clients too.
 *
 * @throws TypeError or RangeError for wrong faults or rates
 */
export function faultsOf(
  where: string,
  faults: readonly Fault[] | FaultRates,
  span: Span,
): readonly Fault[] {
  if (isSchedule(faults)) return checkFaults(where, faults, span.clients)
  const rates = checkOptions(where, 'rate of faults', faults, rateChecks)
  return drawFaults(rates, span).sort((a, b) => a.atMs - b.atMs)
}

function isSchedule(faults: readonly Fault[] | FaultRates): faults is readonly Fault[] {
  return Array.isArray(faults)
}

/** Each kind from a generator of its own, so that a change of one rate leaves the other faults as they are. */
function drawFaults(rates: FaultRates, { seed, lengthMs, clients }: Span): Fault[] {
  const { cutMsMax = 5_000, crashMsMax = 5_000, changeMsMax = 10_000 } = rates
  const { conditions = ['wifi', 'lte', '3g', 'satellite'] } = rates
  const client = (random: () => number): string => `client ${drawInteger(random, 0, clients - 1)}`
  const draw = (kind: string, perMinute: number, make: Make): Fault[] => {
    const random = createRandom(seed, `faults: ${kind}`)
    const count = Math.floor((perMinute * lengthMs) / 60_000 + random())
    return Array.from({ length: count }, () => make(random, drawInteger(random, 0, lengthMs - 1)))
  }
  const ofClients = (perMinute = 0): number => (clients === 0 ? 0 : perMinute)
  return [
    ...draw('cuts', ofClients(rates.cutsPerMinute), (random, atMs) => {
      const place = drawPlace(random, client(random))
      return { atMs, kind: 'cut', ...place, durationMs: drawInteger(random, 1, cutMsMax) }
    }),
    ...draw('crashes', ofClients(rates.crashesPerMinute), (random, atMs) => {
      const of = client(random)
      return { atMs, kind: 'crash', of, durationMs: drawInteger(random, 1, crashMsMax) }
    }),
    ...draw('server', rates.serverCrashesPerMinute ?? 0, (random, atMs) => ({
      atMs,
      kind: 'crash',
      of: 'server',
      durationMs: drawInteger(random, 1, crashMsMax),
    })),
    ...draw('changes', ofClients(rates.changesPerMinute), (random, atMs) => ({
      atMs,
      kind: 'conditions',
      of: client(random),
      conditions: drawOne(random, conditions),
      durationMs: drawInteger(random, 1, changeMsMax),
    })),
  ]
}

type Make = (random: () => number, atMs: number) => Fault

function drawPlace(random: () => number, game: string): FaultPlace {
  return drawOne<FaultPlace>(random, [
    { of: game },
    { of: game },
    { of: game },
    { of: game },
    { from: game },
    { to: game },
  ])
}
