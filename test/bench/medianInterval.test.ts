import * as assert from 'uvu/assert'
import { intervalRank, medianInterval, roundsMin } from '../../bench/lib/compare/medianInterval.ts'
import { mulberry32 } from '../lib/random.ts'
import { spec } from '../spec.ts'

spec('medianInterval', (it) => {
  it('rank :: agrees with the tables of the sign test', () => {
    // Two-sided, 5 %: the largest k with P(B < k) <= 0.025, B binomial with p = 1/2.
    const known = { 6: 1, 8: 1, 9: 2, 11: 2, 12: 3, 15: 4, 20: 6, 21: 6, 25: 8, 41: 14, 100: 40 }
    for (const [count, rank] of Object.entries(known))
      assert.is(intervalRank(Number(count)), rank, `of ${count}`)
  })

  it('rank :: is 0 where there are too few values', () => {
    assert.is(intervalRank(roundsMin - 1), 0)
    assert.is(intervalRank(roundsMin), 1)
    assert.throws(() => medianInterval([1, 2, 3, 4, 5]), /expected at least 6 values, got 5/)
  })

  it('takes the ranks from both ends, in any order', () => {
    const values = Array.from({ length: 21 }, (_, index) => ((index * 8) % 21) + 1)
    assert.equal(medianInterval(values), { low: 6, high: 16 })
    assert.equal(medianInterval([9, 1, 8, 2, 7, 3]), { low: 1, high: 9 })
  })

  it('holds the median of a skewed distribution in at least 95 of 100 cases', () => {
    const random = mulberry32(21)
    const trials = 4_000
    let held = 0
    for (let trial = 0; trial < trials; trial++) {
      // The median of -ln(u) is ln 2.
      const values = Array.from({ length: 21 }, () => -Math.log(1 - random()))
      const { low, high } = medianInterval(values)
      if (low <= Math.LN2 && Math.LN2 <= high) held++
    }
    assert.ok(held / trials >= 0.95, `${held} of ${trials}`)
  })
})
