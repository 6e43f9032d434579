import { type ChildProcess, fork } from 'node:child_process'

/** What a program does when it is asked, by name. Questions and answers are plain data. */
export type Answers = Readonly<Record<string, (question: never) => unknown>>

interface Question {
  readonly id: number
  readonly name: string
  readonly question: never
}

interface Answer {
  readonly id: number
  readonly answer?: unknown
  readonly error?: string
}

/** Plays the program that this process was started for. Returns `false` in the test itself. */
export function play(programs: Readonly<Record<string, Answers>>): boolean {
  const answers = programs[process.argv[2] ?? '']
  if (answers === undefined) return false
  process.on('message', (message) => void reply(answers, message as Question))
  // The test is gone.
  process.on('disconnect', () => process.exit())
  return true
}

async function reply(answers: Answers, { id, name, question }: Question): Promise<void> {
  try {
    process.send!({ id, answer: await answers[name]!(question) })
  } catch (error) {
    process.send!({ id, error: String((error as Error).stack) })
  }
}

/** A program of this test file, in a process of its own with a garbage collector that can be asked to run. */
export class Program<Own extends Answers> {
  /** Resolves when it has ended. */
  readonly exitCode: Promise<number | null>
  readonly #role: string
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #asked = 0

  constructor(role: string) {
    this.#role = role
    const execArgv = ['--expose-gc', '--enable-source-maps']
    this.#child = fork(process.argv[1]!, [role], { execArgv })
    this.#child.on('message', (message) => this.#take(message as Answer))
    this.exitCode = new Promise((resolve) => {
      this.#child.once('exit', (code) => {
        for (const id of this.#waiting.keys()) this.#take({ id, error: `exit code ${code}` })
        resolve(code)
      })
    })
  }

  ask<Name extends keyof Own & string>(
    name: Name,
    question: Parameters<Own[Name]>[0],
  ): Promise<Awaited<ReturnType<Own[Name]>>> {
    const id = ++this.#asked
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ answer, error }) => {
        if (error === undefined) resolve(answer as Awaited<ReturnType<Own[Name]>>)
        else reject(new Error(`${this.#role}, asked for ${name}: ${error}`))
      })
      this.#child.send({ id, name, question }, (error) => {
        if (error !== null) this.#take({ id, error: error.message })
      })
    })
  }

  close(): void {
    this.#child.kill('SIGKILL')
  }

  #take(answer: Answer): void {
    this.#waiting.get(answer.id)?.(answer)
    this.#waiting.delete(answer.id)
  }
}

/** Programs of one case, which are closed in the end, whatever happens. */
export async function withPrograms(
  run: (start: <Own extends Answers>(role: string) => Program<Own>) => Promise<void>,
): Promise<void> {
  const programs: { close(): void }[] = []
  try {
    await run((role) => {
      const program = new Program<never>(role)
      programs.push(program)
      return program
    })
  } finally {
    for (const program of programs) program.close()
  }
}
