// A program in a process of its own that answers questions, and notes what must not be.

import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { NodeProgram } from '../lib/NodeProgram.ts'

/** What a process has in memory and in use, after a collection. */
export interface Measured {
  readonly heapBytes: number
  /** The heap, and what of it stands outside. */
  readonly usedBytes: number
  readonly rssBytes: number
  /** The longest time in which the program did not run at all. */
  readonly stoodStillMs: number
  /** What keeps the event loop alive, by kind, without timers that only measuring uses. */
  readonly resources: Readonly<Record<string, number>>
}

/** What must not be, the first of it. */
export const bad: string[] = []

const badMax = 20
const settleMs = 200
const lookMs = 100
let stoodStillMs = 0

export function noteBad(what: string): void {
  if (bad.length < badMax) bad.push(what)
}

/** Notes what no program may do, and how long it did not run. */
function watchProcess(): void {
  process.on('uncaughtException', (error) => noteBad(`uncaught: ${error.stack}`))
  process.on('unhandledRejection', (error) => noteBad(`unhandled: ${String(error)}`))
  process.on('warning', ({ message }) => noteBad(`warning: ${message}`))
  let lastMs = performance.now()
  setInterval(() => {
    const now = performance.now()
    stoodStillMs = Math.max(stoodStillMs, now - lastMs - lookMs)
    lastMs = now
  }, lookMs).unref()
}

/** Answers the lines that come: a number, a word and an argument. */
export function answerLines(
  answers: Readonly<Record<string, (argument: string) => unknown>>,
): void {
  watchProcess()
  createInterface(process.stdin).on('line', (line) => {
    const [number, word = '', argument = ''] = line.split(' ')
    void (async () => {
      const answer: unknown = (await answers[word]?.(argument)) ?? null
      console.log(`answer ${number} ${JSON.stringify(answer)} end of ${number}.`)
    })()
  })
}

export async function measure(): Promise<Measured> {
  const gc = collector()
  gc()
  await delay(settleMs)
  gc()
  const { heapUsed: heapBytes, external, rss: rssBytes } = process.memoryUsage()
  const resources: Record<string, number> = {}
  for (const name of process.getActiveResourcesInfo().sort())
    resources[name] = (resources[name] ?? 0) + 1
  return { heapBytes, usedBytes: heapBytes + external, rssBytes, stoodStillMs, resources }
}

let known: (() => void) | undefined

/** What collects garbage: `gc`, which a program has only if it asks for it. */
function collector(): () => void {
  if (known === undefined) {
    setFlagsFromString('--expose-gc')
    known = runInNewContext('gc') as () => void
  }
  return known
}

/** Objects that nothing may keep. */
export class GoneObjects {
  #refs: WeakRef<object>[] = []

  add(refs: readonly WeakRef<object>[]): void {
    this.#refs.push(...refs)
  }

  /** How many are still there. To be asked after a collection. */
  count(): number {
    this.#refs = this.#refs.filter((ref) => ref.deref() !== undefined)
    return this.#refs.length
  }
}

/** Such a program, seen from the test. */
export class AskedProgram {
  readonly program: NodeProgram
  #asked = 0

  /** @param mode what the test file does when it is started with it */
  constructor(mode: string, argument = '') {
    this.program = new NodeProgram(process.argv[1]!, [mode, argument])
  }

  async ask<Answer>(word: string, argument = ''): Promise<Answer> {
    const number = ++this.#asked
    this.program.type(`${number} ${word} ${argument}`)
    await this.program.says(`end of ${number}.`)
    const pattern = new RegExp(`^answer ${number} (.*) end of ${number}\\.$`, 'm')
    return JSON.parse(pattern.exec(this.program.output)![1]!) as Answer
  }
}
