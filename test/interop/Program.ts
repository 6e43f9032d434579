import { type World } from 'bitecs'
import { NetworkSystem } from 'bitecs-networking'
import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as rest } from 'node:timers/promises'
import * as assert from 'uvu/assert'

/** A program that plays one end of a connection. It prints a line for what the test should know. */
export class Program {
  /** What it has printed. */
  readonly lines: string[] = []
  readonly #child: ChildProcess
  #errors = ''
  #exitCode: number | null | undefined
  /** What its last line has so far. */
  #rest = ''

  constructor(path: string, args: readonly string[]) {
    this.#child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child.stdout!.on('data', (chunk: Buffer) => {
      const parts = `${this.#rest}${chunk.toString()}`.split('\n')
      this.#rest = parts.pop()!
      this.lines.push(...parts)
    })
    this.#child.stderr!.on('data', (chunk: Buffer) => (this.#errors += chunk.toString()))
    this.#child.once('error', (error) => (this.#errors += error.message))
    this.#child.once('close', (code) => (this.#exitCode = code))
  }

  /** Waits until it has printed a line that begins with this, and gives the rest of the line. */
  async says(start: string): Promise<string> {
    const find = (): string | undefined => this.lines.find((line) => line.startsWith(start))
    while (find() === undefined && this.#exitCode === undefined) await rest(1)
    const line = find()
    if (line === undefined) throw new Error(`ended without saying ${start}: ${this.#errors}`)
    return line.slice(start.length).trim()
  }

  /** Waits until it has ended, without an error, and ticks the world meanwhile. */
  async succeeds(world?: World): Promise<void> {
    while (this.#exitCode === undefined) {
      if (world !== undefined) NetworkSystem(world)
      // The program needs the processor too.
      await rest(1)
    }
    assert.is(this.#exitCode, 0, `${this.lines.join('\n')}\n${this.#errors}`)
  }

  end(): void {
    this.#child.kill('SIGKILL')
  }
}
