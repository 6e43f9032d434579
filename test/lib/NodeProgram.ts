import { type ChildProcess, spawn } from 'node:child_process'

/** A JavaScript program that runs in a process of its own. */
export class NodeProgram {
  /** All that it has printed. */
  output = ''
  /** Resolves when it has ended. */
  readonly exitCode: Promise<number | null>
  readonly #file: string
  readonly #child: ChildProcess
  #hasClosed = false
  readonly #heard = new Set<() => void>()

  constructor(file: string, args: readonly string[] = []) {
    this.#file = file
    this.#child = spawn(process.execPath, [file, ...args], { stdio: 'pipe' })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString()
        this.#look()
      })
    this.exitCode = new Promise((resolve) => {
      this.#child.once('close', (code) => {
        this.#hasClosed = true
        resolve(code)
        this.#look()
      })
    })
  }

  get pid(): number {
    return this.#child.pid!
  }

  get hasEnded(): boolean {
    return this.#hasClosed
  }

  /** Resolves when it has printed the text; rejects when it ends without. */
  says(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const isSaid = this.output.includes(text)
        if (!isSaid && !this.#hasClosed) return
        this.#heard.delete(look)
        if (isSaid) resolve()
        else reject(new Error(`${this.#file} ended without "${text}":\n${this.output}`))
      }
      this.#heard.add(look)
      look()
    })
  }

  /** Reads no more of its output, as `head` does when it has seen enough. */
  closeOutput(): void {
    this.#child.stdout?.destroy()
  }

  type(line: string): void {
    this.#child.stdin?.write(`${line}\n`)
  }

  endInput(): void {
    this.#child.stdin?.end()
  }

  end(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child.kill(signal)
  }

  #look(): void {
    for (const look of this.#heard) look()
  }
}
