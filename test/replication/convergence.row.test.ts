// Whatever happens on the server and in between, clients come to have what they should have.

import { amountOf, figure, rowSeed } from '../lib/row.ts'
import { turns } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { drawScript, play, type Script } from './Session.ts'
import { shrink } from './shrink.ts'

const sessions = amountOf({ test: 100, ci: 10_000, soak: 200_000 })

function failureOf(script: Script): unknown {
  try {
    play(script)
    return undefined
  } catch (error) {
    return error
  }
}

spec(
  `replication :: convergence, SEED=${rowSeed}`,
  (it) => {
    it(`${sessions} sessions`, async () => {
      let packets = 0
      let lost = 0
      for (let index = 0; index < sessions; index++) {
        const script = drawScript(rowSeed + index)
        try {
          const session = play(script)
          packets += session.made
          lost += session.lost
        } catch {
          const shortest = shrink(script, (other) => failureOf(other) !== undefined)
          const cause = failureOf(shortest)
          throw new Error(`SEED=${script.seed}: ${String(cause)}, ${JSON.stringify(shortest)}`, {
            cause,
          })
        }
        if (index % 100 === 0) await turns()
      }
      figure(
        'P1',
        `${sessions} sessions of ${packets} snapshots, ${lost} packets lost, all converged`,
      )
    })
  },
  Math.max(60_000, sessions * 20),
)
