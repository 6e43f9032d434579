import * as assert from 'uvu/assert'
import { flatRow, formatFigures } from '../../bench/lib/growth/Figure.ts'
import { expectedMs } from '../../bench/lib/growth/measureRemoval.ts'
import { spec } from '../spec.ts'

spec('expectedMs', (it) => {
  it('nothing is known of the first two sizes', () => {
    assert.is(expectedMs([], 10), 0)
    assert.is(expectedMs([{ size: 10, ms: 1 }], 100), 0)
  })

  it('goes on as between the last two sizes', () => {
    const known = [
      { size: 10, ms: 50 },
      { size: 100, ms: 2 },
      { size: 1_000, ms: 200 },
    ]
    near(expectedMs(known, 10_000), 20_000)
  })

  it('expects growth in proportion at least', () => {
    const known = [
      { size: 10, ms: 50 },
      { size: 100, ms: 20 },
    ]
    near(expectedMs(known, 1_000), 200)
  })
})

spec('formatFigures', (it) => {
  it('shows the growth from the first size, and what is above a bound', () => {
    const rows = [
      flatRow('query, ns', [100.4, 3.456, 150.6]),
      { name: 'removal, ms', figures: [0.1234, 1234.5, { above: 20_000 }], goal: '≤ 200 ms' },
    ]
    assert.is(
      formatFigures('n clients', [10, 100, 1_000], 1_000, rows),
      [
        'n clients      10    100     1,000  1,000 ÷ 10      goal',
        'query, ns     100   3.46       151      1.50 ×   ≤ 1.5 ×',
        'removal, ms  0.12  1,235  > 20,000           –  ≤ 200 ms',
      ].join('\n'),
    )
  })
})

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-6 * expected, `expected ${expected}, got ${actual}`)
}
