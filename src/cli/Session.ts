import { addEntity, createWorld, type World } from 'bitecs'
import { createInterface, type Interface } from 'node:readline'
import { setImmediate as turn } from 'node:timers/promises'
import {
  type AsyncLoad,
  closeNetwork,
  NetworkSystem,
  NetworkType,
  onNetworking,
  setNetworkConfig,
  startTicks,
  type Ticks,
} from '../index.ts'
import { observeTraffic } from '../traffic.ts'
import { ExitCode } from './CliError.ts'
import { type SessionName, type SessionSettings } from './Command.ts'
import { eventFacts } from './eventFacts.ts'
import { inputHelp } from './helpText.ts'
import { type Printer } from './Printer.ts'
import { type Input, readInput } from './readInput.ts'
import { readLines } from './readLines.ts'

const hz = 100
/** So many lines of input are handled before the network has its turn. */
const linesAtOnce = 256
const endSignals = ['SIGINT', 'SIGTERM'] as const

/** What is asked of the two commands. */
export interface SessionHandlers {
  /** A Networking event, which has been printed. */
  event(asyncLoad: AsyncLoad): void
  /** A line of input, but for those that both commands know. The next line waits until it is done. */
  input(input: Input): Promise<void> | void
  inputEnded(): void
  tick(): void
}

/** A world that ticks, prints its events and reads lines, until something ends it. */
export class Session {
  readonly world: World = createWorld()
  /** Resolves when it has ended, with the exit code. */
  readonly ended: Promise<ExitCode>
  hasEnded = false
  readonly #settings: SessionSettings
  readonly #printer: Printer
  #resolve: (code: ExitCode) => void = () => {}
  #ticks: Ticks | undefined
  #timer: NodeJS.Timeout | undefined
  #typing: Interface | undefined
  #messages = 0

  constructor(settings: SessionSettings, printer: Printer) {
    this.#settings = settings
    this.#printer = printer
    this.ended = new Promise((resolve) => (this.#resolve = resolve))
    setNetworkConfig(this.world, {
      clientDisconnectEvents: true,
      // Little: what was taken has nearly left.
      clientSendQueueBytesMax: 65_536,
      datagramsPerSenderMax: 1_024,
      warn: (message) => printer.warn(message),
    })
    printer.onClosed = this.#stop
    for (const signal of endSignals) process.once(signal, this.#stop)
  }

  /** Ticks, prints and reads until it ends, and gives the exit code. */
  run(name: SessionName, handlers: SessionHandlers): Promise<ExitCode> {
    const { seconds, count } = this.#settings
    observeTraffic(this.world, { received: (events) => this.#print(events) })
    onNetworking(this.world, addEntity(this.world), (_world, _self, asyncLoad) => {
      if (this.hasEnded) return
      handlers.event(asyncLoad)
      if (asyncLoad.type === NetworkType.data && ++this.#messages === count) this.end(ExitCode.done)
    })
    if (seconds !== undefined) this.#timer = setTimeout(this.#stop, seconds * 1_000)
    this.#ticks = startTicks(
      () => {
        // Who reads slowly makes the peers wait.
        if (!this.#printer.isBlocked) NetworkSystem(this.world)
        handlers.tick()
      },
      { hz },
    )
    return Promise.race([this.ended, this.#readLines(name, handlers).then(() => this.ended)])
  }

  /** Prints a tick's events, up to the one that ends the session. */
  #print(events: Iterable<AsyncLoad>): void {
    if (this.hasEnded) return
    let left = (this.#settings.count ?? Infinity) - this.#messages
    for (const asyncLoad of events) {
      this.#printer.event(eventFacts(this.world, asyncLoad))
      if (asyncLoad.type === NetworkType.data && --left === 0) return
    }
  }

  /** Ends it. The first call decides the exit code. */
  end(code: ExitCode): void {
    this.hasEnded = true
    this.#resolve(code)
  }

  readonly #stop = (): void => this.end(ExitCode.done)

  /** Closes all. What was sent still leaves before the process ends. */
  close(): void {
    this.hasEnded = true
    this.#printer.endPrompt()
    for (const signal of endSignals) process.off(signal, this.#stop)
    clearTimeout(this.#timer)
    this.#ticks?.stop()
    this.#typing?.close()
    process.stdin.destroy()
    closeNetwork(this.world)
  }

  async #readLines(name: SessionName, handlers: SessionHandlers): Promise<void> {
    const { stdin, stdout } = process
    const isTerminal = stdin.isTTY && stdout.isTTY && !this.#settings.json
    // A client's input may be any file, and is a person's only at a terminal.
    const commands = name === 'listen' || stdin.isTTY ? name : undefined
    let count = 0
    for await (const line of isTerminal ? this.#typedLines() : readLines(inputBytes())) {
      if (this.hasEnded) return
      await this.#handle(readInput(line, this.#settings, commands), name, handlers)
      if (!this.hasEnded) this.#printer.prompt?.prompt()
      if (++count % linesAtOnce === 0) await turn()
    }
    this.#printer.endPrompt()
    if (!this.hasEnded) handlers.inputEnded()
  }

  /** What a person types at a prompt. */
  async *#typedLines(): AsyncGenerator<Uint8Array, void, undefined> {
    const { stdin, stdout } = process
    const typing = createInterface({ input: stdin, output: stdout, prompt: '> ' })
    this.#typing = typing
    this.#printer.prompt = typing
    typing.on('SIGINT', this.#stop)
    // Back from the background.
    typing.on('SIGCONT', () => typing.prompt(true))
    stdin.on('error', () => typing.close())
    typing.prompt()
    for await (const line of typing) yield Buffer.from(line)
  }

  async #handle(input: Input, name: SessionName, handlers: SessionHandlers): Promise<void> {
    const help = inputHelp(name)
    if (input.kind === 'mistake') this.#printer.warn(input.message)
    else if (input.kind === 'quit') this.end(ExitCode.done)
    else if (input.kind === 'help') this.#printer.tell(help, { type: 'help', text: help })
    else await handlers.input(input)
  }
}

/** What standard input holds. If it cannot be read, as a folder cannot, it has ended. */
async function* inputBytes(): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* process.stdin as AsyncIterable<Uint8Array>
  } catch {
    return
  }
}
