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
import { spec } from '../spec.ts'
import { type Command } from './model.ts'
import { Simulation } from './Simulation.ts'

const number = nat(9_999)
const command: Arbitrary<Command> = tuple(number, number, number, number)

/** At least 2,000; more by `LIFE_CYCLE_RUNS` (R-16 asks for 100,000 now and then). */
const numRuns = Number(process.env['LIFE_CYCLE_RUNS'] ?? 2_000)

spec(
  'life cycles',
  (it) => {
    it('keep every promise for random commands on worlds of one network (R-16)', async () => {
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
        { numRuns, includeErrorInReport: true },
      )
      assert.ok(events > numRuns, `only ${events} events in ${numRuns} runs`)
    })
  },
  // Twenty times what it takes.
  Math.max(200_000, numRuns * 100),
)
