// The parent's side of a process under test.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ChildProcess } from '../ChildProcess.ts'
import { type Load } from './Load.ts'
import { openChurnLoad } from './openChurnLoad.ts'
import { openDatagramLoad } from './openDatagramLoad.ts'
import { openEchoLoad } from './openEchoLoad.ts'
import { type SubjectCost, type SubjectOrder, type SubjectReady } from './SubjectOrder.ts'
import { type LoadOptions, type Workload } from './workloadList.ts'

const patienceMs = 60_000

/** One side of a comparison, ready to run. */
export class Subject {
  readonly #workload: Workload
  readonly #process: ChildProcess
  #load: Load | undefined

  /** @param folder has the programs in `build/bench`, and the library that they find */
  private constructor(folder: string, workload: Workload) {
    const program = pathToFileURL(join(folder, 'build', 'bench', 'subject.js'))
    this.#workload = workload
    this.#process = new ChildProcess(program, [workload.name], ['--expose-gc'])
  }

  /** Starts the process and, of a server, connects its clients. */
  static async start(folder: string, workload: Workload): Promise<Subject> {
    const subject = new Subject(folder, workload)
    try {
      await subject.#open()
    } catch (error) {
      await subject.end()
      throw error
    }
    return subject
  }

  /** Does so many units of work. */
  async run(units: number): Promise<SubjectCost> {
    const load = this.#load
    if (load === undefined) {
      this.#order({ step: 'run', units })
      return this.#answer<SubjectCost>()
    }
    const cost = await this.#ticking(() => load.run(units))
    const expected = units * this.#workload.perUnit
    const { messages } = cost
    // Datagrams may be sent again.
    const isRight = isDatagrams(this.#workload) ? messages >= expected : messages === expected
    if (!isRight) throw new Error(`the server counted ${messages} of ${expected} messages`)
    return cost
  }

  async end(): Promise<void> {
    this.#load?.close()
    await this.#process.end()
  }

  async #open(): Promise<void> {
    const { port } = await this.#answer<SubjectReady>()
    const workload = this.#workload
    if (!('server' in workload)) return
    await this.#ticking(async () => {
      this.#load = await openLoad(port, workload.load)
    })
  }

  async #ticking(work: () => Promise<void>): Promise<SubjectCost> {
    this.#order({ step: 'begin' })
    await work()
    this.#order({ step: 'end' })
    return this.#answer<SubjectCost>()
  }

  #order(order: SubjectOrder): void {
    this.#process.send(JSON.stringify(order))
  }

  async #answer<Message extends SubjectCost | SubjectReady>(): Promise<Message> {
    return (await this.#process.next(patienceMs)) as Message
  }
}

function openLoad(port: number, options: LoadOptions): Load | Promise<Load> {
  if (options.kind === 'echo') return openEchoLoad(port, options)
  if (options.kind === 'datagrams') return openDatagramLoad(port, options)
  return openChurnLoad(port, options.clients)
}

function isDatagrams(workload: Workload): boolean {
  return 'load' in workload && workload.load.kind === 'datagrams'
}
