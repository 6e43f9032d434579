// Random games: after each snapshot every client sees exactly what it should, component by component.

import { spec } from '../spec.ts'
import { playModel } from './playModel.ts'

spec('replication of random games', (it) => {
  for (let seed = 1; seed <= 4; seed++)
    it(
      `converges with each snapshot: seed ${seed}`,
      playModel({ seed, snapshots: 60, clients: 1 + (seed % 3) }),
    )
  it('converges over lte', playModel({ seed: 101, snapshots: 15, clients: 2, conditions: 'lte' }))
})
