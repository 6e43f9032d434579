// `npm run bench`: the library and servers that stand beside it, workload by workload, goals P-1 to P-10.
//
// It prints medians, spreads and ratios, and fails only when a byte was wrong or a process died: a speed is
// never a pass condition.
import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { chooseCores, type Cores } from './lib/cores.ts'
import { chooseGoals } from './lib/goals/chooseGoals.ts'
import { formatWorkload, type ServerRuns } from './lib/goals/formatWorkload.ts'
import { type Report } from './lib/goals/Report.ts'
import { runProgram } from './lib/goals/runProgram.ts'
import { runWorkload, type Workload } from './lib/goals/Workload.ts'
import { chooseByName } from './lib/optionValues.ts'
import { type Options, parseOptions, usage } from './lib/parseOptions.ts'
import { installedPeers } from './lib/servers/installedPeers.ts'
import { type ServerEntry, serverList } from './lib/servers/serverList.ts'

const programs = new URL('./', import.meta.url)
const root = new URL('../../', programs)

try {
  const options = parseOptions(process.argv.slice(2))
  if (options === 'help') console.log(usage)
  else await bench(options)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

async function bench(options: Options): Promise<void> {
  const { workloads, programs: measuring } = chooseGoals(options.goals)
  const cores = chooseCores()
  const machine =
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ` +
    `load average ${loadavg()[0]?.toFixed(1)}`
  const report: Report = { machine, workloads: [], growth: [] }
  console.log(machine)
  if (workloads.length > 0) console.log(introduction(options, cores))
  for (const workload of workloads) {
    const title = fillIn(workload.title, options)
    console.log(`\n${nameGoals(workload)} ${title}\n`)
    const results = await runRounds(workload, options, cores)
    console.log(`${formatWorkload(workload, results)}\nEvery byte came back right.`)
    const { name, measures } = workload
    report.workloads.push({
      name,
      title,
      measures: measures.map(({ key, head }) => ({ key, head })),
      servers: results.map(({ entry, runs }) => ({ name: entry.name, runs })),
    })
  }
  for (const { goal, title, path, args } of measuring) {
    console.log(`\n[${goal}] ${title}\n`)
    report.growth.push(...(await runProgram(new URL(path, programs), args, root)))
  }
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify(report, undefined, 1)}\n`)
}

/** Runs A B C D A B C D …, so that what else the machine does falls on all alike. */
async function runRounds(
  workload: Workload,
  options: Options,
  cores: Cores,
): Promise<readonly ServerRuns[]> {
  const known = options.peers ? [...serverList, ...installedPeers(root)] : serverList
  const chosen = chooseByName<ServerEntry>(known, options.servers, usage)
  const entries = chosen.filter(({ wire }) => (workload.wire ?? wire) === wire)
  const results = entries.map((entry) => ({ entry, runs: [] as ServerRuns['runs'][number][] }))
  for (let round = 0; round < options.rounds; round++)
    for (const { entry, runs } of results)
      try {
        runs.push(await runWorkload(workload, entry, options, cores, programs))
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new Error(`${workload.name}, ${entry.name}, round ${round + 1}: ${reason}`, {
          cause: error,
        })
      }
  return results
}

function introduction({ rounds, seconds }: Options, cores: Cores): string {
  const where = cores.server.length > 0 ? 'a core each, ' : ''
  return `${rounds} rounds of ${seconds} s; server and load generator in processes of their own, ${where}servers one after the other in each round.
ws, net: the packages as they are, a write for each message; net speaks GameMaker's packets. ws-hand, net-fast: the same
protocols written by hand over net for this alone, one write for each socket and tick. ours, ours-ws: this library over TCP
and over WebSocket. Figures are medians [least–most] of the rounds, × is the median of the ratios within a round; by hand is
ws-hand for WebSocket and net-fast for TCP.`
}

function nameGoals({ goals, name }: Workload): string {
  return `[${[...goals, name].join(' ')}]`
}

function fillIn(title: string, options: Options): string {
  return title.replace(/\{(clients|players|idle|crowd|flooders)\}/g, (_, name: keyof Options) =>
    Number(options[name]).toLocaleString('en'),
  )
}
