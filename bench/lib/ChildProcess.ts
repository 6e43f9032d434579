// The parent's side of a server or generator: start it, talk with it, end it by its handle.
import { type ChildProcess as Handle, spawn } from 'node:child_process'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

const endMs = 2000

/** A program of this benchmark in a process of its own. */
export class ChildProcess {
  readonly #name: string
  readonly #handle: Handle
  readonly #ended: Promise<void>
  readonly #inbox: unknown[] = []
  #output = ''
  #death: string | undefined
  #wake: () => void = () => {}

  /**
   * @param flags of Node itself
   * @param prefix the beginning of a command that runs the rest, such as `taskset`
   * @param runtime what runs it instead of Node
   */
  constructor(
    program: URL,
    args: readonly string[] = [],
    flags: readonly string[] = [],
    prefix: readonly string[] = [],
    runtime?: string,
  ) {
    const path = fileURLToPath(program)
    this.#name = basename(path, '.js')
    const node = [process.execPath, '--enable-source-maps', ...flags]
    const runner = runtime === undefined ? node : [runtime]
    const [command = '', ...rest] = [...prefix, ...runner, path, ...args]
    this.#handle = spawn(command, rest, {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    this.#handle.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text
      this.#wake()
    })
    this.#handle.on('message', (message) => {
      this.#inbox.push(message)
      this.#wake()
    })
    this.#ended = new Promise((resolve) => {
      const end = (how: string): void => {
        this.#death ??= how
        this.#wake()
        resolve()
      }
      this.#handle.on('exit', (code, signal) => end(`ended with ${signal ?? `code ${code}`}`))
      this.#handle.on('error', (error) => end(`did not start: ${error.message}`))
    })
  }

  send(message: string): void {
    if (this.#handle.connected) this.#handle.send(message)
  }

  /** The next message it sends; rejects when it ends or stays silent. */
  async next(timeoutMs: number): Promise<unknown> {
    await this.#wait(timeoutMs, 'a message', () => this.#inbox.length > 0)
    return this.#inbox.shift()
  }

  /** The first line it prints; rejects when it ends or stays silent. */
  async firstLine(timeoutMs: number): Promise<string> {
    await this.#wait(timeoutMs, 'a line', () => this.#output.includes('\n'))
    return this.#output.slice(0, this.#output.indexOf('\n'))
  }

  /** Lets go of it, and kills it when it does not end by itself. */
  async end(): Promise<void> {
    if (this.#handle.connected) this.#handle.disconnect()
    const timer = setTimeout(() => this.#handle.kill('SIGKILL'), endMs)
    await this.#ended
    clearTimeout(timer)
  }

  async #wait(timeoutMs: number, what: string, isHere: () => boolean): Promise<void> {
    const timer = setTimeout(() => {
      this.#death ??= `did not send ${what} within ${timeoutMs} ms`
      this.#wake()
    }, timeoutMs)
    while (!isHere() && this.#death === undefined)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    clearTimeout(timer)
    if (!isHere()) throw new Error(`${this.#name} ${this.#death}`)
  }
}
