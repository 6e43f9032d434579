import { lookUpHost } from '#platform'
import type { World } from 'bitecs'
import { isDatagramTransport } from '../config/TransportTable.ts'
import { type NetworkConfig } from '../config/NetworkConfig.ts'
import { type NetworkError } from '../constants/NetworkError.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { checkOptions, type OptionTable } from '../errors/checkOptions.ts'
import { checkFunction, integerIn } from '../errors/optionChecks.ts'
import { type Network } from '../network/Network.ts'
import { networkOf } from '../network/networkOf.ts'
import { createHostNames } from '../transport/HostNames.ts'
import { arrivalsOf } from './arrivalsOf.ts'
import { recordDatagrams } from './recordDatagrams.ts'
import { Recorder } from './Recorder.ts'
import { recordingClock } from './recordingClock.ts'
import { type RecordedTransport } from './RecordingHead.ts'
import { type RecordingSink } from './RecordingSink.ts'
import { type Redact } from './Redaction.ts'
import { recordTransport } from './recordTransport.ts'
import { settingsOf } from './settingsOf.ts'

const where = 'recordNetwork'
const mebibyte = 1024 * 1024

/** How a world is recorded. */
export interface RecordingOptions {
  /** The recording ends when more bytes than these wait in the sink: 67,108,864 by default. */
  readonly waitingBytesMax?: number
  /**
   * Gets every message before it is written, at the end of a tick, and may overwrite its bytes: secrets stay out of the recording. A
   * replay needs the same function. Of a message of reliable UDP it gets each part of 1,188 bytes. What is no packet counts as a
   * message too, but for GameMaker's handshake. If it throws, the recording ends, without that block; so it does when no tick
   * comes and more than `waitingBytesMax` wait for it.
   */
  readonly redact?: Redact
}

/** A recording that goes on. */
export interface Recording {
  /** `true` until it is stopped, or has failed. */
  readonly isRunning: boolean
  /** Why it has ended by itself: the sink has failed, or was too slow. The recording up to there can be replayed. */
  readonly error: Error | undefined
  readonly ticks: number
  readonly events: number
  /** Ends the recording and its sink. The game goes on. */
  stop(): void
}

const optionChecks: OptionTable<RecordingOptions> = {
  waitingBytesMax: /* @__PURE__ */ integerIn(1, Number.MAX_SAFE_INTEGER),
  redact: checkFunction,
}

/**
 * Records everything that the network does to a world from now on, so that `replayNetwork` can do it again. Call it before the
 * world has sockets, and after its settings are made; `NetworkSystem` runs as always.
 *
 * While a tick runs, or anything of the network is handled, the world's clock stands still, so that a replay sees the same
 * times. A game's own random numbers and clock are not recorded, nor are transports of one's own that are given to `createServer`
 * and `createSocket`, nor `resolveHost`.
 *
 * @param sink takes the recording in blocks of about 64 KiB, or each second, such as `fs.createWriteStream(path)`. One that fails
 * ends the recording, not the game
 * @throws TypeError unless `world` is a bitECS world and `sink` has a function `write`; an Error for a world that has sockets
 */
export function recordNetwork(
  world: World,
  sink: RecordingSink,
  options: RecordingOptions = {},
): Recording {
  const network = networkOf(where, world)
  if (typeof Object(sink).write !== 'function')
    throw wrongType(where, 'sink', 'an object with a function write', sink)
  const checked = checkOptions(where, 'option', options, optionChecks)
  const { waitingBytesMax = 64 * mebibyte, redact } = checked
  if (network.sockets.size > 0) throw new Error(`${where}: the world has sockets already`)
  const { config, transports } = network
  const recorder = new Recorder(config.clock, sink, waitingBytesMax, redact)
  const recorded: RecordedTransport[] = [...transports.values()].map((each) => ({
    type: each.type,
    isDatagrams: isDatagramTransport(each),
    capabilities: each.capabilities,
  }))
  recorder.begin({
    startUs: recorder.startUs,
    settings: settingsOf(config),
    transports: recorded,
  })
  for (const [type, transport] of transports)
    transports.set(
      type,
      isDatagramTransport(transport)
        ? recordDatagrams(recorder, transport)
        : recordTransport(recorder, transport),
    )
  recordConfig(recorder, config)
  recordHostNames(recorder, network)
  recordTicks(recorder, network)
  return {
    get isRunning() {
      return recorder.isOn
    },
    get error() {
      return recorder.error
    },
    get ticks() {
      return recorder.ticks
    },
    get events() {
      return recorder.events
    },
    stop() {
      recorder.end()
    },
  }
}

function recordConfig(recorder: Recorder, config: NetworkConfig): void {
  const { random } = config
  config.clock = recordingClock(recorder)
  config.random = () => {
    const value = random()
    recorder.output({ name: 'random', value })
    return value
  }
}

function recordHostNames(recorder: Recorder, network: Network): void {
  const ask = network.hostNames?.lookUp ?? lookUpHost
  let count = 0
  const lookUpAndRecord = async (host: string): Promise<readonly string[] | NetworkError> => {
    const lookUp = count++
    recorder.output({ name: 'lookUp', host, lookUp })
    const found = await ask(host)
    const hasFailed = typeof found === 'number'
    const error = hasFailed ? found : 0
    const addresses = hasFailed ? [] : found
    recorder.input({ name: 'lookedUp', lookUp, error, addresses }, () => {})
    return found
  }
  network.hostNames = createHostNames(network.config, lookUpAndRecord, network.isAlive)
}

function recordTicks(recorder: Recorder, network: Network): void {
  const { tickEvents, config } = network
  const { clock, random } = config
  let isInTick = false
  network.recorder = {
    begin() {
      if (isInTick) return
      isInTick = true
      if (config.clock !== clock || config.random !== random)
        recorder.fail(new Error('the clock or random was set while the world was recorded'))
      recorder.ticks++
      recorder.enter({ name: 'tick' })
    },
    received() {
      const arrivals = arrivalsOf(tickEvents)
      for (let at = 2; at < arrivals.length; at += 3) recorder.events += arrivals[at]!
      if (arrivals.length > 0) recorder.output({ name: 'events', arrivals })
    },
    end() {
      // It was begun before the recording.
      if (!isInTick) return
      isInTick = false
      recorder.output({ name: 'tickEnd' })
      recorder.leave(true)
    },
  }
}
