import { transformSync } from 'esbuild'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NodeProgram } from './NodeProgram.ts'

/** What stands before the name of a program in its first line. */
const nameLine = /^(?:\/\/|#|<!--) (\S+\.\w+)/

/** The programs in a document: blocks of code whose first line is a comment with a file's name, by that name. */
export function namedBlocksOf(file: string): Map<string, string> {
  const blocks = new Map<string, string>()
  for (const [, , code = ''] of readFileSync(file, 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gms)) {
    const name = nameLine.exec(code)?.[1]
    if (name !== undefined) blocks.set(name, code)
  }
  return blocks
}

/** The programs of one document, run as a user does: against dist, in a process of their own. */
export class DocumentPrograms {
  readonly blocks: ReadonlyMap<string, string>
  readonly folder: string
  readonly #running: NodeProgram[] = []

  constructor(file: string) {
    this.blocks = namedBlocksOf(file)
    this.folder = join('build', 'documents', `${file.replaceAll(/\W/g, '-')}-${process.pid}`)
    mkdirSync(this.folder, { recursive: true })
  }

  /** The program as it stands in the document, but for what `changes` replaces: each must be there. */
  code(name: string, changes: Readonly<Record<string, string | number>> = {}): string {
    const code = this.blocks.get(name)
    if (code === undefined) throw new Error(`the document has no ${name}`)
    const from = Object.keys(changes)
    for (const each of from) if (!code.includes(each)) throw new Error(`${name} has no ${each}`)
    if (from.length === 0) return code
    // All at once: a port that is put in can have another's digits in it.
    const pattern = from.map((each) => each.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
    return code.replaceAll(new RegExp(pattern, 'g'), (found) => String(changes[found]))
  }

  /** Runs a program. */
  run(name: string, changes: Readonly<Record<string, string | number>> = {}): NodeProgram {
    const file = join(this.folder, `${name.replace(/\.\w+$/, '')}-${this.#running.length}.mjs`)
    writeFileSync(file, transformSync(this.code(name, changes), { loader: 'ts' }).code)
    const program = new NodeProgram(file)
    this.#running.push(program)
    return program
  }

  /** Ends all that run. */
  end(): void {
    for (const program of this.#running.splice(0)) program.end()
  }
}

/** A case whose programs end with it. */
export function withDocument(
  file: string,
  run: (programs: DocumentPrograms) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const programs = new DocumentPrograms(file)
    try {
      await run(programs)
    } finally {
      programs.end()
    }
  }
}
