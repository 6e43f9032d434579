import * as assert from 'uvu/assert'
import { type GmlGame, withGml } from '../lib/withGml.ts'
import { spec } from '../spec.ts'

/** One numbered case of GameMaker's behaviour. */
export interface ConformanceCase {
  /** Such as `M7`. A number may have several cases. */
  readonly number: string
  readonly what: string
  readonly run: (game: GmlGame) => Promise<void> | void
}

/** Cases that cannot hold here, by number, each with its reason. */
export type Exceptions = Readonly<Record<string, string>>

/** Runs the cases, and checks that no number of the range is missing: it has a case, or a reason. */
export function conformance(
  name: string,
  letter: string,
  [first, last]: readonly [number, number],
  cases: readonly ConformanceCase[],
  exceptions: Exceptions = {},
): void {
  spec(name, (it) => {
    for (const { number, what, run } of cases) it(`${number}: ${what}`, withGml(run))

    it(`has every number from ${letter}${first} to ${letter}${last}`, () => {
      const numbers = Array.from({ length: last - first + 1 }, (_, at) => `${letter}${first + at}`)
      const found = new Set([...cases.map(({ number }) => number), ...Object.keys(exceptions)])
      assert.equal(
        numbers.filter((number) => !found.has(number)),
        [],
      )
      assert.equal(
        [...found].filter((number) => !numbers.includes(number)),
        [],
      )
    })
  })
}
