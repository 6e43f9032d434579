// More random games.

import { rowSeed } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { playModel } from './playModel.ts'

spec(
  'replication of many random games',
  (it) => {
    for (let seed = rowSeed; seed < rowSeed + 40; seed++)
      it(
        `converges with each snapshot: seed ${seed}`,
        playModel({ seed, snapshots: 80, clients: 1 + (seed % 3) }),
      )
    for (const conditions of ['lte', 'wifi', '3g'] as const)
      it(
        `converges over ${conditions}: seed ${rowSeed}`,
        playModel({ seed: rowSeed, snapshots: 25, clients: 2, conditions }),
      )
  },
  120_000,
)
