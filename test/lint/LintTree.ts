import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'

/** What the linter found: the file, by its path in the tree, and the rule. */
export interface Fault {
  readonly file: string
  readonly rule: string
}

interface Report {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string }[]
}

/** A tree of stub files in a temporary folder, with this project's configuration of the linter beside them. */
export class LintTree {
  readonly #folder = mkdtempSync(join(tmpdir(), 'lint-'))

  constructor() {
    for (const file of ['oxlint.config.mjs', 'scripts/floors.mjs', 'tsconfig.json', 'package.json'])
      cpSync(file, join(this.#folder, file))
  }

  /** Writes the files: text by path. */
  plant(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.#folder, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, `${text}\n`)
    }
  }

  /** Runs the linter over the tree. Throws when it does not run. */
  lint(): Fault[] {
    const program = resolve('node_modules', 'oxlint', 'bin', 'oxlint')
    const args = [program, '-c', 'oxlint.config.mjs', '--deny-warnings', '-f', 'json']
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: this.#folder,
      encoding: 'utf8',
      timeout: 20_000,
      maxBuffer: 2 ** 26,
    })
    if (!stdout.startsWith('{')) throw new Error(`the linter did not run: ${stdout}${stderr}`)
    const { diagnostics }: Report = JSON.parse(stdout)
    if ((status === 0) !== (diagnostics.length === 0)) throw new Error(`exit code ${status}`)
    return diagnostics.map(({ code, filename }) => ({ file: this.#pathOf(filename), rule: code }))
  }

  /** Removes the folder. */
  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #pathOf(filename: string): string {
    return relative(this.#folder, resolve(this.#folder, filename)).replaceAll('\\', '/')
  }
}
