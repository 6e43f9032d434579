import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NodeProgram } from '../../lib/NodeProgram.ts'
import { patience } from '../../lib/patience.ts'

/** How long a game may take; below the limit of a case, so that no program outlives it. */
const limitMs = 20_000

/** Where the objects and their ports are. */
export const gamesFolder: string = join('test', 'gml', 'games')

/** Expressions of a port, by what they are when the game is over; a bigint is a text such as `5n`. */
export type EndState = Readonly<Record<string, unknown>>

/** How one object is played. */
export interface Part {
  /** An expression of the port that is true when the game is over for it. */
  readonly over: string
  readonly state: EndState
}

/** What stands in GameMaker's `global`. */
export type Globals = Readonly<Record<string, string | number | boolean>>

interface Playing {
  readonly program: NodeProgram
  readonly part: Part
}

/** Ports that play against each other, each in a process of its own, against dist, as users run them. */
export class GamePrograms {
  readonly #folder: string
  readonly #changes: Readonly<Record<string, string>>
  readonly #playing: Playing[] = []
  readonly #limit: NodeJS.Timeout

  /** `changes` are texts that stand in the ports, and what replaces them. */
  constructor(name: string, changes: Readonly<Record<string, string>>) {
    this.#folder = join('build', 'gml-games', `${name}-${process.pid}`)
    this.#changes = { '1000 / 60': '1000 / 240', ...changes }
    this.#limit = setTimeout(() => this.end(), limitMs * patience)
    mkdirSync(this.#folder, { recursive: true })
    const files = readdirSync(gamesFolder).filter((file) => /\.(enum|macros)\.mjs$/.test(file))
    for (const file of files) copyFileSync(join(gamesFolder, file), join(this.#folder, file))
  }

  /** Starts a port; resolves when its Create event is done. */
  async start(port: string, part: Part, globals: Globals): Promise<void> {
    const file = join(this.#folder, `${this.#playing.length}.mjs`)
    writeFileSync(file, this.#code(port, part, globals))
    const program = new NodeProgram(file)
    this.#playing.push({ program, part })
    await program.says('created')
  }

  /**
   * Waits until the game is over for all, then ends them in the order of their starts. Returns their states; rejects when
   * one has warned of something, or does not exit by itself after its Clean Up event.
   */
  async finish(): Promise<EndState[]> {
    for (const { program } of this.#playing) await program.says('end reached')
    const states: EndState[] = []
    for (const { program } of this.#playing) {
      program.end('SIGINT')
      const code = await program.exitCode
      const [, state] = /^state (.*)$/m.exec(program.output) ?? []
      if (code !== 0 || state === undefined) throw new Error(`exit ${code}:\n${program.output}`)
      states.push(JSON.parse(state) as EndState)
    }
    return states
  }

  /** What each has printed. */
  get outputs(): string[] {
    return this.#playing.map(({ program }) => program.output)
  }

  end(): void {
    clearTimeout(this.#limit)
    for (const { program } of this.#playing) program.end()
  }

  /** The port, with GameMaker's globals before it, and behind it what prints its variables when it is over. */
  #code(port: string, { over, state }: Part, globals: Globals): string {
    const members = Object.keys(state).map(
      (expression) => `${JSON.stringify(expression)}: ${expression},`,
    )
    return [
      "import * as gml from 'bitecs-networking/gml'",
      'console.warn = (text) => { console.log(text); process.exitCode = 1 }',
      ...Object.entries(globals).map(
        ([name, value]) => `global.${name} = ${JSON.stringify(value)}`,
      ),
      this.#changed(port),
      'const listed = (list) =>',
      '  Array.from({ length: gml.ds_list_size(list) }, (_, at) => gml.ds_list_find_value(list, at))',
      'const mapped = (map) => Object.fromEntries(',
      '  gml.ds_map_keys_to_array(map).map((key) => [key, gml.ds_map_find_value(map, key)]))',
      'const asJson = (key, value) => (typeof value === "bigint" ? `${value}n` : value)',
      'process.prependOnceListener("SIGINT", () =>',
      `  console.log('state', JSON.stringify({ ${members.join('\n')} }, asJson)))`,
      'const watch = setInterval(() => {',
      `  if (!(${over})) return`,
      '  clearInterval(watch)',
      "  console.log('end reached')",
      '}, 10)',
      'watch.unref()',
      "console.log('created')",
    ].join('\n')
  }

  #changed(port: string): string {
    let code = readFileSync(join(gamesFolder, `${port}.mjs`), 'utf8')
    for (const [from, to] of Object.entries(this.#changes)) code = code.replaceAll(from, to)
    return code
  }
}
