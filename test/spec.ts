import { suite, type Callback } from 'uvu'
import { patience } from './lib/patience.ts'

/** Declares the cases of a suite. */
export type Declare = (name: string, run: () => Promise<void> | void) => void

/**
 * One uvu suite that cannot be forgotten: `.run()` is called here, and a case that takes longer than the
 * limit fails instead of hanging. On a busy machine the limit is longer.
 */
export function spec(name: string, define: (it: Declare) => void, limitMs = 30_000): void {
  const cases = suite(name)
  define((title, run) => {
    cases(title, withLimit(run, limitMs * patience))
  })
  cases.run()
}

function withLimit(run: () => Promise<void> | void, limitMs: number): Callback<object> {
  return async () => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not done after ${limitMs} ms`)), limitMs)
    })
    try {
      await Promise.race([run(), late])
    } finally {
      clearTimeout(timer)
    }
  }
}
