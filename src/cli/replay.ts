import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type World } from 'bitecs'
import type * as Recording from '../recording.ts'
import { CliError, ExitCode } from './CliError.ts'
import { type ReplayCommand } from './Command.ts'
import { loadFace } from './loadFace.ts'
import { type Printer } from './Printer.ts'
import { readRecording, refuseOthers } from './readRecording.ts'

/** What the module of a game exports: sets the game up in a world that it gives to `prepare` first; returns its tick. */
type StartGame = (prepare: (world: World) => void) => unknown

/** Plays a recording into a game, and gives the exit code. */
export async function replay(command: ReplayCommand, printer: Printer): Promise<ExitCode> {
  const { file, game } = command
  const recording = readRecording(file)
  let replay: Recording.Replay | undefined
  const url = pathToFileURL(resolve(game))
  const { replayNetwork } = await loadFace<typeof Recording>(
    url,
    'recording',
    () => import('../recording.ts'),
  )
  const start = await loadGame(game, url)
  const step = await start((world) => {
    replay = refuseOthers(file, () => replayNetwork(world, recording))
  })
  if (replay === undefined)
    throw new CliError(ExitCode.usage, `${game}: the game did not call prepare with its world`)
  if (typeof step !== 'function')
    throw new CliError(ExitCode.usage, `${game}: the game did not return its tick, a function`)
  for (const name of replay.otherSettings)
    printer.warn(`the setting ${name} is not what it was when it was recorded`)
  const began = performance.now()
  while (await replay.next()) {
    const tick = replay.tick + 1
    await (step as (tick: number) => unknown)(tick)
    if (replay.tick < tick)
      throw new CliError(ExitCode.usage, `${game}: its tick did not run NetworkSystem on the world`)
  }
  return report(replay, performance.now() - began, printer)
}

async function loadGame(game: string, url: URL): Promise<StartGame> {
  let loaded: { default?: unknown }
  try {
    loaded = (await import(url.href)) as { default?: unknown }
  } catch (error) {
    throw new CliError(ExitCode.usage, `cannot load ${game}: ${(error as Error).message}`)
  }
  if (typeof loaded.default !== 'function')
    throw new CliError(ExitCode.usage, `${game}: its default export is no function`)
  return loaded.default as StartGame
}

function report(
  { tick, difference, damage }: Recording.Replay,
  tookMs: number,
  printer: Printer,
): ExitCode {
  const told = difference?.message ?? damage?.message
  const seconds = Math.round(tookMs) / 1000
  printer.tell(`${tick} ticks replayed in ${seconds} s: ${told ?? 'no difference'}`, {
    type: 'replayed',
    ticks: tick,
    seconds,
    ...(difference !== undefined && {
      difference: {
        ...difference,
        recorded: Buffer.from(difference.recorded).toString('hex'),
        replayed: Buffer.from(difference.replayed).toString('hex'),
      },
    }),
    ...(damage !== undefined && { damage: damage.message }),
  })
  return told === undefined ? ExitCode.done : ExitCode.failed
}
