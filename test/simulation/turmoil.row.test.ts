// All kinds of sockets at once on all kinds of lines: nothing of the library fails, nothing is left, and what is reliable comes
// once.

import * as assert from 'uvu/assert'
import { amountOf, figure, rowSeed } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { Turmoil } from './Turmoil.ts'

const seeds = amountOf({ test: 1, ci: 100, soak: 1_000 })
const ticks = 400

spec(
  `turmoil in memory (SEED=${rowSeed})`,
  (it) => {
    it(`${seeds} seeds: every reliable message once, no warning, nothing left`, async () => {
      const sums = { whole: 0, spoiled: 0, crashes: 0, lostPackets: 0 }
      for (let seed = rowSeed; seed < rowSeed + seeds; seed++)
        try {
          const outcome = await new Turmoil(seed, { ticks }).play()
          sums.whole += outcome.whole
          sums.spoiled += outcome.spoiled
          sums.crashes += outcome.crashes
          sums.lostPackets += outcome.lostPackets
        } catch (error) {
          throw new Error(`SEED=${seed}: ${String(error)}`, { cause: error })
        }
      // Something has happened at all.
      assert.ok(sums.whole > seeds * 100, `${sums.whole} messages`)
      assert.ok(sums.lostPackets > seeds, `${sums.lostPackets} packets lost`)
      figure(
        'R-14',
        `${seeds} seeds from ${rowSeed} of all kinds of sockets, with ${sums.crashes} crashes: ${sums.whole} messages whole, those that are reliable once; ${sums.lostPackets} packets lost, ${sums.spoiled} spoiled`,
      )
    })
  },
  30_000 + seeds * 2_000,
)
