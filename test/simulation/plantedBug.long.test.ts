// The search finds a bug that shows when a cut heals while a client connects again, and says with how little it shows.

import { type SimulateOptions, simulate, simulateSeeds } from 'bitecs-networking/simulation'
import * as assert from 'uvu/assert'
import { figure } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { errorOf } from './echoGame.ts'
import { type OrderServer, startOrderClient, startOrderServer } from './orders.ts'

const seedsMax = 1_000
const faultsMax = 5

/** A minute with two clients on a bad line, on which much goes wrong. */
function orders(hasBug: boolean): SimulateOptions<OrderServer> {
  return {
    ticks: 3_600,
    conditions: { latencyMs: 40, jitterMs: 10, loss: 0.02 },
    server: startOrderServer,
    clients: { count: 2, start: (game) => startOrderClient(game, hasBug) },
    faults: { cutsPerMinute: 6, cutMsMax: 6_000, changesPerMinute: 6, crashesPerMinute: 2 },
    invariant: { 'no order is missing': ({ server }) => server?.gap || undefined },
  }
}

spec(
  'simulateSeeds',
  (it) => {
    it('finds an order that is lost when a cut heals while its client connects again', async () => {
      const error = await errorOf(simulateSeeds(orders(true), seedsMax))
      const { seeds, faultsFound, shrinkRuns } = error.search!
      figure(
        'simulateSeeds',
        `seed ${error.seed} of ${seeds}, ${faultsFound} faults shrunk to ${error.faults.length} in ${shrinkRuns} runs: ${error.message}`,
      )
      assert.ok(seeds <= seedsMax)
      assert.ok(error.faults.length <= faultsMax, error.message)
      assert.is(error.failure.name, 'no order is missing')
      assert.ok(error.faults.some(({ kind }) => kind === 'cut'))
      const again = await errorOf(
        simulate({ ...orders(true), seed: error.seed, faults: error.faults }),
      )
      assert.equal(again.failure, error.failure)
      await simulate({ ...orders(false), seed: error.seed, faults: error.faults })
    })

    it('finds nothing in the game without the bug', async () => {
      const { seeds } = await simulateSeeds(orders(false), 20)
      assert.is(seeds, 20)
    })
  },
  120_000,
)
