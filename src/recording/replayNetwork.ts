import type { World } from 'bitecs'
import { type Clock } from '../clock/Clock.ts'
import { type NetworkError } from '../constants/NetworkError.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { isBytes } from '../errors/isBytes.ts'
import { type Network } from '../network/Network.ts'
import { networkOf } from '../network/networkOf.ts'
import { createHostNames } from '../transport/HostNames.ts'
import { arrivalsOf } from './arrivalsOf.ts'
import { checkOptions, type OptionTable } from '../errors/checkOptions.ts'
import { checkFunction } from '../errors/optionChecks.ts'
import { type Difference } from './Difference.ts'
import { RecordingFile } from './RecordingFile.ts'
import { type NewEntry } from './entries.ts'
import {
  rangesOfDatagram,
  rangesOfMessages,
  rangesOfStream,
  type Redact,
  redactRanges,
} from './Redaction.ts'
import { Replayer } from './Replayer.ts'
import { replayDatagrams, replayTransport } from './replayTransport.ts'
import { settingsOf } from './settingsOf.ts'

const where = 'replayNetwork'

/** How a recording is replayed. */
export interface ReplayOptions {
  /** What the recording was redacted with: what the program sends is compared without it too. */
  readonly redact?: Redact
}

const optionChecks: OptionTable<ReplayOptions> = { redact: checkFunction }

/** A replay that goes on. */
export interface Replay {
  /** Ticks that have begun. */
  readonly tick: number
  /** Where the program first did something else than the recorded one. The replay ends there. */
  readonly difference: Difference | undefined
  /** A `RecordingError` where the recording is damaged, or its rest is missing. The replay ends there. */
  readonly damage: Error | undefined
  /** Settings that the world has and the recorded one had not, by name. */
  readonly otherSettings: readonly string[]
  /**
   * Lets happen what came before the next tick, and then waits for it: run the game's tick, with `NetworkSystem`, when it
   * resolves to `true`. It resolves to `false` when the recording is over, or the replay.
   */
  next(): Promise<boolean>
  /**
   * Runs `step` for each tick, as fast as it can, up to and with the tick `until`.
   *
   * @param step gets the number of the tick and calls `NetworkSystem`
   */
  run(step: (tick: number) => void, until?: number): Promise<void>
}

/**
 * Plays a recording of `recordNetwork` into a world that has no network: it receives what the recorded one received, in the same
 * ticks, and gets the same results. What it sends meanwhile goes nowhere and is compared with what the recorded one sent.
 *
 * Set the game up as when it was recorded, after this call and before the first `next`.
 *
 * @param recording all its bytes
 * @throws TypeError unless `world` is a bitECS world and `recording` bytes; a `RecordingError` unless they begin as a recording;
 * an Error for a world that has sockets
 */
export function replayNetwork(
  world: World,
  recording: Uint8Array,
  options: ReplayOptions = {},
): Replay {
  const network = networkOf(where, world)
  if (!isBytes(recording)) throw wrongType(where, 'recording', 'bytes', recording)
  if (network.sockets.size > 0) throw new Error(`${where}: the world has sockets already`)
  const file = new RecordingFile(recording)
  const { redact } = checkOptions(where, 'option', options, optionChecks)
  const hasOutcome = (): boolean => network.connected.length > 0
  const redacted = redact && ((made: NewEntry) => redactEntry(made, replayer, redact))
  const replayer: Replayer = new Replayer(file, hasOutcome, redacted)
  network.transports.clear()
  for (const recorded of file.head.transports)
    network.transports.set(
      recorded.type as Parameters<typeof network.transports.set>[0],
      recorded.isDatagrams
        ? replayDatagrams(replayer, recorded)
        : replayTransport(replayer, recorded),
    )
  network.config.clock = replayClock(replayer)
  network.config.random = () => replayer.random()
  replayHostNames(replayer, network)
  replayTicks(replayer, network)
  const before = file.head.settings
  const now = settingsOf(network.config)
  const names = new Set([...Object.keys(before), ...Object.keys(now)])
  const otherSettings = [...names].filter((name) => before[name] !== now[name])
  return createReplay(replayer, otherSettings)
}

/** What a recording has of what a program sends. */
function redactEntry(made: NewEntry, { targets }: Replayer, redact: Redact): NewEntry {
  if (made.name !== 'write' && made.name !== 'send') return made
  const bytes = made.bytes.slice()
  const { remoteIp = '', remotePort = 0 } = targets.streams.get(made.id)?.connection ?? {}
  const { ip, port } = made.name === 'send' ? made : { ip: remoteIp, port: remotePort }
  const ranges =
    made.name === 'send'
      ? rangesOfDatagram(bytes)
      : made.ends.length === 0
        ? rangesOfStream(bytes)
        : rangesOfMessages(bytes, made.ends)
  redactRanges(bytes, ranges, { direction: 'sent', ip, port }, redact)
  return { ...made, bytes }
}

function createReplay(replayer: Replayer, otherSettings: readonly string[]): Replay {
  return {
    otherSettings,
    get tick() {
      return replayer.tick
    },
    get difference() {
      return replayer.difference
    },
    get damage() {
      return replayer.damage
    },
    next: () => replayer.toNextTick(),
    async run(step, until = Infinity) {
      while (replayer.tick < until && (await replayer.toNextTick())) step(replayer.tick + 1)
    },
  }
}

/** Its timers run when the recording says so. */
function replayClock(replayer: Replayer): Clock {
  let count = 0
  const setTimer = (run: () => void): (() => void) => {
    const timer = count++
    replayer.timers.set(timer, run)
    return () => replayer.timers.delete(timer)
  }
  return { now: () => replayer.now(), setTimer, setTurn: setTimer }
}

function replayHostNames(replayer: Replayer, network: Network): void {
  let count = 0
  const lookUpAgain = (host: string): Promise<readonly string[] | NetworkError> => {
    const lookUp = count++
    return new Promise((resolve) => {
      replayer.lookUps.set(lookUp, resolve)
      replayer.output({ name: 'lookUp', host, lookUp })
    })
  }
  network.hostNames = createHostNames(network.config, lookUpAgain, network.isAlive)
}

function replayTicks(replayer: Replayer, network: Network): void {
  network.recorder = {
    begin: () => replayer.beginTick(),
    received: () => replayer.compareEvents(arrivalsOf(network.tickEvents)),
    end: () => replayer.endTick(),
  }
}
