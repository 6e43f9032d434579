import { suite } from 'uvu'
import { type Declare, spec } from '../spec.ts'

/** A program that a suite needs. */
export interface Needed {
  /** What it is called when it is not there. */
  readonly name: string
  /** Its path, or `undefined` when this machine does not have it. */
  readonly path: string | undefined
}

/**
 * A suite that needs a program of another project. Where that is missing, its cases are skipped and a line says so; with
 * the environment variable CI set they fail, since there everything must run.
 */
export function specWith(
  { name: program, path }: Needed,
  name: string,
  define: (it: Declare, path: string) => void,
  limitMs?: number,
): void {
  if (path !== undefined) {
    spec(name, (it) => define(it, path), limitMs)
    return
  }
  const missing = `${program} is not on this machine`
  const cases = suite(name)
  if ((process.env['CI'] ?? '') === '') {
    console.log(`skipped: ${name}: ${missing}`)
    define(() => cases.skip(), '')
  } else
    define((title) => {
      cases(title, () => {
        throw new Error(missing)
      })
    }, '')
  cases.run()
}
