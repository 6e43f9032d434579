import {
  type Arbitrary,
  array,
  assert as check,
  asyncProperty,
  integer,
  nat,
  tuple,
} from 'fast-check'
import * as assert from 'uvu/assert'
import { amountOf, figure, rowSeed } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { type Command } from './model.ts'
import { Simulation } from './Simulation.ts'

const number = nat(9_999)
const command: Arbitrary<Command> = tuple(number, number, number, number)

const numRuns = amountOf({ test: 150, ci: 5_000, soak: 100_000 })

spec(
  `life cycles (SEED=${rowSeed})`,
  (it) => {
    it('keep every promise for random commands on worlds of one network', async () => {
      let events = 0
      await check(
        asyncProperty(
          integer({ min: 1, max: 3 }),
          integer({ min: 1, max: 6 }),
          number,
          array(command, { maxLength: 100, size: 'max' }),
          async (hosts, guests, settings, commands) => {
            const simulation = new Simulation(hosts, guests, settings)
            try {
              await simulation.run(commands)
            } catch (error) {
              throw new Error(`${String(error)}\n${simulation.trace}`, { cause: error })
            }
            events += simulation.events
          },
        ),
        { numRuns, seed: rowSeed, includeErrorInReport: true },
      )
      assert.ok(events > numRuns, `only ${events} events in ${numRuns} runs`)
      figure('R-16', `${numRuns} runs of up to 100 commands, ${events} events: every promise kept`)
    })
  },
  // Twenty times what it takes.
  Math.max(200_000, numRuns * 100),
)
