import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import * as assert from 'uvu/assert'
import { type Step, until } from '../lib/until.ts'

/** How a program is run: the words of a command, made of those that run it as it is. */
export type Wrapping = (words: readonly string[]) => readonly string[]

/** The built program, as `npx bitecs-networking` runs it. */
export class CliProgram {
  output = ''
  errors = ''
  /** What it has ended with. */
  exitCode: number | null | undefined
  readonly #child: ChildProcessWithoutNullStreams

  constructor(
    args: string | readonly string[],
    env: NodeJS.ProcessEnv = {},
    wrap: Wrapping = (words) => words,
  ) {
    const list = typeof args === 'string' ? args.split(' ') : args
    const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env
    const [command, ...words] = wrap([process.execPath, 'dist/cli.js', ...list])
    this.#child = spawn(command!, words, { env: { ...inherited, ...env } })
    const { stdout, stderr, stdin } = this.#child
    stdout.setEncoding('utf8').on('data', (text: string) => (this.output += text))
    stderr.setEncoding('utf8').on('data', (text: string) => (this.errors += text))
    // It may have ended before it has read all.
    stdin.on('error', () => {})
    this.#child.once('close', (code) => (this.exitCode = code))
  }

  /** Starts a server on a free port and waits until it listens. Its port is `port`. */
  static async listen(
    args: string,
    env: NodeJS.ProcessEnv = {},
    wrap?: Wrapping,
  ): Promise<CliProgram> {
    const program = new CliProgram(`listen ${args}`, env, wrap)
    await program.waitFor(() => program.port > 0)
    return program
  }

  /** What it listens on. */
  get port(): number {
    const told =
      /port (\d+),/.exec(this.errors + this.output) ?? /"listening".*"port":(\d+)/.exec(this.output)
    return Number(told?.[1] ?? 0)
  }

  /** The whole lines of standard output. */
  get lines(): string[] {
    return this.output.split('\n').slice(0, -1)
  }

  /** What it has printed with `--json`. */
  get facts(): Record<string, unknown>[] {
    return this.lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  }

  /** The payloads of its data events, in hex; with `--json`. */
  get payloads(): unknown[] {
    return this.facts.filter(({ type }) => type === 'data').map(({ hex }) => hex)
  }

  type(text: string | Uint8Array): void {
    this.#child.stdin.write(typeof text === 'string' ? `${text}\n` : text)
  }

  endInput(): void {
    this.#child.stdin.end()
  }

  /** Reads no more of its output, as `head` does when it has seen enough. */
  closeOutput(): void {
    this.#child.stdout.destroy()
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Waits until it has printed this on standard output. */
  prints(text: string, step?: Step): Promise<void> {
    return this.waitFor(() => this.output.includes(text), step)
  }

  /** Waits until it has printed this on standard error. */
  tells(text: string): Promise<void> {
    return this.waitFor(() => this.errors.includes(text))
  }

  /** Waits for a condition and fails, with what was printed, when the program ends before. */
  async waitFor(condition: () => boolean, step: Step = []): Promise<void> {
    const printed = (): string => `${this.errors}\n${this.output}`
    await until(() => condition() || this.exitCode !== undefined, step).catch((error: Error) => {
      throw new Error(`${String(condition)}: ${error.message}\n${printed()}`, { cause: error })
    })
    if (!condition()) throw new Error(`ended with ${this.exitCode}: ${printed()}`)
  }

  /** Waits for its end and compares the exit code. */
  async ends(code: number): Promise<void> {
    await until(() => this.exitCode !== undefined)
    assert.is(this.exitCode, code, `${this.errors}\n${this.output}`)
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}

/** Programs of one case, ended with it. */
export class Programs {
  readonly #all: { kill(): void }[] = []

  async listen(args: string, env?: NodeJS.ProcessEnv, wrap?: Wrapping): Promise<CliProgram> {
    return this.add(await CliProgram.listen(args, env, wrap))
  }

  run(args: string | readonly string[], env?: NodeJS.ProcessEnv, wrap?: Wrapping): CliProgram {
    return this.add(new CliProgram(args, env, wrap))
  }

  /** Anything else to end with the case. */
  add<End extends { kill(): void }>(end: End): End {
    this.#all.push(end)
    return end
  }

  kill(): void {
    for (const end of this.#all) end.kill()
  }
}

/** A case whose programs end with it, whatever happens. */
export function withPrograms(run: (programs: Programs) => Promise<void>): () => Promise<void> {
  return async () => {
    const programs = new Programs()
    try {
      await run(programs)
    } finally {
      programs.kill()
    }
  }
}
