// A server under test in a process of its own, and the generators that run against it.
import { fileURLToPath } from 'node:url'
import { ChildProcess } from '../ChildProcess.ts'
import { type Cores } from '../cores.ts'
import {
  type LoadFigures,
  type LoadMessage,
  type LoadOrder,
  type LoadTotals,
  type LoadWork,
} from '../load/LoadMessage.ts'
import {
  type MemoryUse,
  type ServerOrder,
  type ServerQuestion,
  type ServerWork,
  type TickFigures,
  type Usage,
} from '../servers/ServerOrder.ts'
import { type ServerEntry } from '../servers/serverList.ts'

const patienceMs = 60_000
const settleMs = 10_000
const pollMs = 20

const idleWork: ServerWork = {
  echoes: false,
  hz: 60,
  stateBytes: 0,
  talks: 0,
  burnMs: 0,
  pingMs: 0,
}

/** How long a generator is measured. */
export interface Timing {
  readonly seconds: number
  readonly warmUpSeconds: number
}

/** What one generator saw, and the server's counters at both ends of that time. */
export interface Outcome {
  readonly before: Usage
  readonly after: Usage
  readonly load: LoadFigures
  readonly ticks: TickFigures
}

/** Rejects when a byte was wrong, a message was lost or a process died. */
export class TestServer {
  readonly #child: ChildProcess
  readonly #entry: ServerEntry
  readonly #cores: Cores
  readonly #programs: URL
  /** What all generators so far have sent. */
  #totals: LoadTotals = { messages: 0, sum: 0, ended: 0 }
  #port = 0

  /** @param programs the folder of `server.js` and `load.js` */
  constructor(entry: ServerEntry, work: Partial<ServerWork>, cores: Cores, programs: URL) {
    this.#entry = entry
    this.#cores = cores
    this.#programs = programs
    const { name, module, runtime } = entry
    const from = module === undefined ? {} : { module: module.href }
    const order: ServerOrder = { ...idleWork, ...work, server: name, ...from }
    const program = new URL('server.js', programs)
    const args = [JSON.stringify(order)]
    const path = runtime && fileURLToPath(runtime)
    this.#child = new ChildProcess(program, args, ['--expose-gc'], cores.server, path)
  }

  async usage(): Promise<Usage> {
    return (await this.#ask('usage')) as Usage
  }

  async memory(): Promise<MemoryUse> {
    return (await this.#ask('memory')) as MemoryUse
  }

  /**
   * Runs a generator against it.
   *
   * @param meanwhile runs at the start of the time that is measured
   */
  async run(
    work: LoadWork,
    timing: Timing,
    meanwhile: () => Promise<void> = async () => {},
  ): Promise<Outcome> {
    if (this.#port === 0)
      this.#port = (JSON.parse(await this.#child.firstLine(patienceMs)) as { port: number }).port
    const order: LoadOrder = { wire: this.#entry.wire, port: this.#port, work, ...timing }
    const program = new URL('load.js', this.#programs)
    const load = new ChildProcess(program, [JSON.stringify(order)], [], this.#cores.load)
    try {
      await nextStep(load, 'measuring', timing.warmUpSeconds * 1000 + patienceMs)
      const before = await this.usage()
      await meanwhile()
      const measured = await nextStep(load, 'measured', timing.seconds * 1000 + patienceMs)
      const after = await this.usage()
      load.send('stop')
      await this.#expect(await nextStep(load, 'done', patienceMs))
      const { fromMs, toMs } = measured
      const ticks = (await this.#ask(`ticks ${fromMs} ${toMs}`)) as TickFigures
      return { before, after, load: measured, ticks }
    } finally {
      await load.end()
    }
  }

  end(): Promise<void> {
    return this.#child.end()
  }

  async #ask(question: ServerQuestion): Promise<unknown> {
    this.#child.send(question)
    return this.#child.next(patienceMs)
  }

  /** Waits for what is on its way, and compares what both sides counted. */
  async #expect({ messages, sum, ended }: LoadTotals): Promise<void> {
    const expected: LoadTotals = {
      messages: this.#totals.messages + messages,
      sum: (this.#totals.sum + sum) | 0,
      ended: this.#totals.ended + ended,
    }
    this.#totals = expected
    const endMs = performance.now() + settleMs
    for (;;) {
      const got = await this.usage()
      const hasAll = got.messages === expected.messages && got.sum === expected.sum
      if (hasAll && got.ended >= expected.ended) break
      if (performance.now() > endMs)
        throw new Error(
          `the generator sent ${describe(expected)}, the server counted ${describe(got)}`,
        )
      await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
  }
}

function describe({ messages, sum, ended }: LoadTotals): string {
  return `${messages} messages with sum ${sum} and ${ended} ends`
}

async function nextStep<Step extends LoadMessage['step']>(
  load: ChildProcess,
  step: Step,
  timeoutMs: number,
): Promise<Extract<LoadMessage, { step: Step }>> {
  const message = (await load.next(timeoutMs)) as LoadMessage
  if (isStep(message, step)) return message
  throw new Error(
    message.step === 'failed' ? message.reason : `expected ${step} of load, got ${message.step}`,
  )
}

function isStep<Step extends LoadMessage['step']>(
  message: LoadMessage,
  step: Step,
): message is Extract<LoadMessage, { step: Step }> {
  return message.step === step
}
