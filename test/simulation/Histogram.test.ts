import * as assert from 'uvu/assert'
import { Histogram } from '../../src/simulation/Histogram.ts'
import { mulberry32 } from '../lib/random.ts'
import { spec } from '../spec.ts'

spec('Histogram', (it) => {
  it('has percentiles that are exact or up to 6.25 % above, over all sizes', () => {
    const random = mulberry32(1)
    for (const scaleMs of [1, 30, 1_000, 60_000, 3_000_000]) {
      const histogram = new Histogram()
      const values = Array.from({ length: 5_000 }, () => random() * scaleMs)
      for (const value of values) histogram.add(value)
      values.sort((a, b) => a - b)
      for (const share of [0.01, 0.5, 0.95, 0.99, 1]) {
        const exact = values[Math.ceil(share * values.length) - 1]!
        const found = histogram.quantile(share)
        assert.ok(
          found >= exact && found <= exact * 1.0625 + 1 / 16,
          `${share} of ${scaleMs}: ${found}, not ${exact}`,
        )
      }
      assert.is(histogram.maxMs, values.at(-1))
    }
  })

  it('takes what is too long, and nothing', () => {
    const histogram = new Histogram()
    assert.is(histogram.quantile(0.5), 0)
    histogram.add(1e12)
    histogram.add(0)
    assert.is(histogram.count, 2)
    assert.is(histogram.quantile(0.5), 1 / 16)
    assert.ok(histogram.quantile(1) > 4_000_000)
    histogram.clear()
    assert.is(histogram.count, 0)
    assert.is(histogram.quantile(1), 0)
  })
})
