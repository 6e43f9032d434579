import * as assert from 'uvu/assert'
import { verdictOf } from '../../bench/lib/compare/verdictOf.ts'
import { spec } from '../spec.ts'

spec('verdictOf', (it) => {
  const cases = [
    { low: 0.5, high: 0.969, verdict: 'slower' },
    { low: 0.5, high: 0.97, verdict: 'not told' },
    { low: 0.969, high: 1, verdict: 'not told' },
    { low: 0.97, high: 1.03, verdict: 'same' },
    { low: 1, high: 1.031, verdict: 'not told' },
    { low: 1.03, high: 2, verdict: 'not told' },
    { low: 1.031, high: 2, verdict: 'faster' },
    { low: 0.9, high: 1.1, verdict: 'not told' },
  ]
  for (const { low, high, verdict } of cases)
    it(`${low} to ${high} :: is ${verdict}`, () => {
      assert.is(verdictOf({ low, high }), verdict)
    })
})
