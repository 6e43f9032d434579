// `npm run bench`: echo through the library, against bare `ws`, bare `net` and `net` in ticks, goals P-1,
// P-2 and P-1k; then what is measured in process, P-4 and P-5.
//
// It prints medians, spreads and ratios, and fails only when a byte was wrong or a process died: a speed is
// never a pass condition.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { chooseByName } from './lib/optionValues.ts'
import { type Options, parseOptions, usage } from './lib/parseOptions.ts'
import { formatResults } from './lib/report.ts'
import { type EchoResult, runEcho } from './lib/runEcho.ts'
import { type WireName } from './lib/Wire.ts'

interface Server {
  name: string
  wire: WireName
  program: URL
}

const warmUpSeconds = 1
const inProcessMsMax = 300_000

const load = new URL('./load.js', import.meta.url)
const servers: readonly Server[] = [
  { name: 'ws', wire: 'ws', program: new URL('./server-ws.js', import.meta.url) },
  { name: 'net', wire: 'tcp', program: new URL('./server-net.js', import.meta.url) },
  { name: 'net-tick', wire: 'tcp', program: new URL('./server-net-tick.js', import.meta.url) },
  { name: 'ours', wire: 'tcp', program: new URL('./server-ours.js', import.meta.url) },
  { name: 'ours-ws', wire: 'ws', program: new URL('./server-ours-ws.js', import.meta.url) },
]

try {
  const options = parseOptions(process.argv.slice(2))
  const chosen = chooseByName(servers, options.only, usage)
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}`
  console.log(`Node ${process.version}, ${machine}, load average ${loadavg()[0]?.toFixed(1)}`)
  for (const inFlight of options.inFlight) await benchEcho(chosen, options, inFlight)
  for (const name of ['measure-event', 'measure-growth']) await measureInProcess(name)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

/** Runs A B C D A B C D …, so that what else the machine does falls on all alike. */
async function benchEcho(
  chosen: readonly Server[],
  { seconds, rounds, clients }: Options,
  inFlight: number,
): Promise<void> {
  console.log(
    `\nEcho: ${clients} clients, 32-byte messages, ${inFlight} in flight each; ${rounds} rounds of ${seconds} s`,
  )
  const results = new Map<string, EchoResult[]>(chosen.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++)
    for (const { name, wire, program } of chosen) {
      const order = { wire, clients, inFlight, seconds, warmUpSeconds }
      try {
        results.get(name)?.push(await runEcho(program, load, order))
      } catch (error) {
        throw new Error(
          `${name}, round ${round + 1}: ${error instanceof Error ? error.message : ''}`,
          {
            cause: error,
          },
        )
      }
    }
  console.log(`${formatResults(results)}\nEvery byte came back right.`)
}

/** Runs what is measured in one process, in a process of its own, where it was built. */
async function measureInProcess(name: string): Promise<void> {
  const program = fileURLToPath(new URL(`./${name}.js`, import.meta.url))
  if (!existsSync(program)) return
  console.log('')
  const args = ['--enable-source-maps', '--expose-gc', program]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const timer = setTimeout(() => child.kill('SIGKILL'), inProcessMsMax)
  await once(child, 'exit')
  clearTimeout(timer)
  if (child.exitCode !== 0)
    throw new Error(`${name} ended with ${child.signalCode ?? `code ${child.exitCode}`}`)
}
