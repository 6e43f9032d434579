// P-3, P-3b and P-8: a game of 60 ticks a second.
import { type ServerWork, type Usage } from '../servers/ServerOrder.ts'
import { talkBytes } from '../tickMessages.ts'
import { type Outcome, type Timing } from './TestServer.ts'
import { formats, type Measure, type StartServer, type Workload } from './Workload.ts'

const hz = 60
const stateBytes = 64
const lateMsMax = 40
const ticksMissedMax = 2
const servedSteps = [200, 400, 600, 800, 1_000, 1_200, 1_600, 2_000]

const measures: readonly Measure[] = [
  { key: 'cpu', head: 'CPU s/s', format: formats.three, ratio: 'figure' },
  { key: 'hz', head: 'ticks/s', format: formats.one },
  { key: 'late', head: 'late p99, ms', format: formats.one },
  { key: 'loadCpu', head: 'generator CPU s/s', format: formats.three },
]
const legend =
  'CPU s/s: seconds of CPU that the server uses for the 60 ticks of a second, × below 1 is less than the base. ' +
  'late: how late a tick begins, at the 99th percentile.'

interface Game {
  readonly work: Partial<ServerWork>
  readonly inputs: number
  readonly messages: number
  readonly messageBytes: number
}

const stateGame: Game = { work: { stateBytes }, inputs: 1, messages: 1, messageBytes: stateBytes }
const talkGame: Game = { work: { talks: 8 }, inputs: 4, messages: 8, messageBytes: talkBytes }

function play(
  start: StartServer,
  { work, ...talk }: Game,
  clients: number,
  timing: Timing,
): Promise<Outcome> {
  return start(work).run({ kind: 'ticks', clients, ...talk }, timing)
}

/** For the ticks of a second: those which a busy machine leaves out are not counted as saved. */
function cpuOf(before: Usage, after: Usage): number {
  return ((after.cpuMicros - before.cpuMicros) / 1e6 / (after.ticks - before.ticks)) * hz
}

function createGame(goal: string, name: string, title: string, game: Game): Workload {
  return {
    goals: [goal],
    name,
    title,
    legend,
    measures,
    async run(start, { players, seconds, warmUpSeconds }) {
      const timing = { seconds, warmUpSeconds }
      const { before, after, load, ticks } = await play(start, game, players, timing)
      return {
        cpu: cpuOf(before, after),
        hz: ticks.hz,
        late: ticks.lateP99Ms,
        loadCpu: load.cpuMicros / 1e6 / load.seconds,
      }
    },
  }
}

/** More clients, step by step, until ticks are late. */
const served: Workload = {
  goals: ['p8'],
  name: 'served',
  title: `clients that one core serves at 60 Hz, one 16-byte input in and one ${stateBytes}-byte state out`,
  legend: `clients: the most of ${servedSteps.join(', ')} of which ticks are less than ${lateMsMax} ms late at the 99th percentile and at most ${ticksMissedMax} are left out; CPU of that step, late of the last step tried. The generator has one core too: above 0.9 CPU s/s it is the limit.`,
  measures: [
    { key: 'clients', head: 'clients', format: formats.whole, ratio: 'figure' },
    { key: 'cpu', head: 'CPU s/s', format: formats.three },
    { key: 'loadCpu', head: 'generator CPU s/s', format: formats.three },
    { key: 'late', head: 'late p99, ms', format: formats.one },
  ],
  async run(start, { seconds, warmUpSeconds, playersMax }) {
    const figures = { clients: 0, cpu: Number.NaN, loadCpu: Number.NaN, late: Number.NaN }
    for (const clients of servedSteps.filter((step) => step <= playersMax)) {
      const timing = { seconds, warmUpSeconds }
      const { before, after, load, ticks } = await play(start, stateGame, clients, timing)
      figures.late = ticks.lateP99Ms
      if (ticks.lateP99Ms > lateMsMax || (hz - ticks.hz) * seconds > ticksMissedMax) break
      figures.clients = clients
      figures.cpu = cpuOf(before, after)
      figures.loadCpu = load.cpuMicros / 1e6 / load.seconds
    }
    return figures
  },
}

export const tickWorkloads: readonly Workload[] = [
  createGame(
    'p3',
    'state',
    `60 Hz, {players} clients, a tick: one 16-byte input in from each, one ${stateBytes}-byte state out to all by one call`,
    stateGame,
  ),
  createGame(
    'p3b',
    'talk',
    `60 Hz, {players} clients, a tick: four 16-byte messages in and eight ${talkBytes}-byte messages out, each`,
    talkGame,
  ),
  served,
]
