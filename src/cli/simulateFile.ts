import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as Simulation from '../simulation.ts'
import { CliError, ExitCode } from './CliError.ts'
import { type SimulateCommand } from './Command.ts'
import { escapeText } from './escapeText.ts'
import { failureText, readFailure } from './FailureFile.ts'
import { loadFace } from './loadFace.ts'
import { type Printer } from './Printer.ts'
import { ProgressBar } from './ProgressBar.ts'

type Options = Simulation.SimulateOptions
type Face = typeof Simulation

/** Runs the simulation of a file, or searches seeds. Prints its report, and writes it where it is asked to. */
export async function simulateFile(command: SimulateCommand, printer: Printer): Promise<ExitCode> {
  const { file, seeds, reports } = command
  const url = pathToFileURL(resolve(file))
  const face = await loadFace<Face>(url, 'simulation', () => import('../simulation.ts'))
  const options = applyCommand(await loadOptions(file, url), command)
  const bar = new ProgressBar()
  try {
    if (seeds !== undefined) {
      printer.text(await search(face, options, seeds, bar))
      return ExitCode.done
    }
    const { report, cost } = await face.simulate(withProgress(options, bar))
    bar.end()
    printer.text(face.reportText(report, cost))
    for (const path of reports) write(path, formatReport(face, path, report, cost))
    return ExitCode.done
  } catch (error) {
    bar.end()
    if (error instanceof face.SimulationError) {
      const recording = await record(face, error, options)
      throw failed(face, error, command, options, recording)
    }
    // Whatever games throw is a SimulationError: these are of the options.
    if (error instanceof TypeError || error instanceof RangeError)
      throw new CliError(ExitCode.usage, `${file}: ${error.message}`)
    throw error
  }
}

async function loadOptions(file: string, url: URL): Promise<Options> {
  let loaded: { readonly default?: unknown }
  try {
    loaded = (await import(url.href)) as typeof loaded
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CliError(ExitCode.usage, `cannot load ${file}: ${reason}`)
  }
  if (typeof loaded.default !== 'object' || loaded.default === null)
    throw new CliError(
      ExitCode.usage,
      `${file} has no options as its default export`,
      'export default { ticks: 3600, server(game) { … }, clients: { count: 2, start(game) { … } } }',
    )
  return loaded.default as Options
}

/** The options of the file, with those of the command line in their place. */
function applyCommand(options: Options, { seed, ticks, replay }: SimulateCommand): Options {
  const failure = replay === undefined ? undefined : readFailure(replay)
  const given = {
    ...(seed !== undefined && { seed }),
    ...(failure && { seed: failure.seed, ticks: failure.ticks, faults: failure.faults }),
    ...(ticks !== undefined && { ticks }),
  }
  return { ...options, ...given, wallClock: () => performance.now() }
}

function withProgress(options: Options, bar: ProgressBar): Options {
  const { ticks, hz = 60 } = options
  return {
    ...options,
    afterTick(run) {
      bar.show(run.tick / ticks, (passedMs) => {
        const speed = (run.nowMs / passedMs).toFixed(1)
        return `tick ${run.tick} of ${ticks}, ${speed} × real time at ${hz} Hz`
      })
      return options.afterTick?.(run)
    },
  }
}

async function search(
  face: Face,
  options: Options,
  seeds: number,
  bar: ProgressBar,
): Promise<string> {
  let runs = 0
  const found = await face.simulateSeeds(options, seeds, {
    onRun(seed, isShrinking) {
      bar.show(
        runs++ / seeds,
        () => `seed ${seed}${isShrinking ? ', making its faults fewer' : ''}`,
      )
    },
  })
  bar.end()
  return `${found.seeds} seeds, ${found.ticks} ticks: none failed`
}

/** The run that failed once more, with a recording of its server. */
async function record(
  face: Face,
  { seed, faults }: Simulation.SimulationError,
  options: Options,
): Promise<Uint8Array> {
  const blocks: Uint8Array[] = []
  const sink = { write: (block: Uint8Array) => blocks.push(block) }
  const first = (name: string, starts: number): typeof sink | undefined =>
    name === 'server' && starts === 1 ? sink : undefined
  await face.simulate({ ...options, seed, faults, record: first }).catch(() => {})
  return Buffer.concat(blocks)
}

/** A run has failed: saves and says what it takes. Returns what the program ends with. */
function failed(
  face: Face,
  error: Simulation.SimulationError,
  { file, reports }: SimulateCommand,
  { ticks }: Options,
  recording: Uint8Array,
): CliError {
  const { report } = error
  for (const path of reports) write(path, formatReport(face, path, report, undefined))
  const saved = `${file}.failure.json`
  write(saved, failureText(error, ticks))
  const recorded = `${file}.failure.bnrec`
  write(recorded, recording)
  const [message = '', ...rest] = error.message.split('\n')
  const again = `run it again: bitecs-networking simulate ${file} --replay ${saved}`
  const look = `what its server received and sent: bitecs-networking inspect ${recorded}`
  const hint = [...rest.map((line) => escapeText(line)), again, look].join('\n')
  return new CliError(ExitCode.failed, message, hint)
}

function formatReport(
  face: Face,
  path: string,
  report: Simulation.SimulationReport,
  cost: Simulation.SimulationCost | undefined,
): string {
  if (path.endsWith('.html')) return face.reportHtml(report, cost)
  return path.endsWith('.json')
    ? `${face.reportJson(report, cost)}\n`
    : `${face.reportText(report, cost)}\n`
}

function write(path: string, text: string | Uint8Array): void {
  try {
    writeFileSync(path, text)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new CliError(ExitCode.failed, `cannot write ${path} (${code})`)
  }
}
