// The decoders of replication under any bytes.

import { amountOf, rowSeed } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { fuzz } from './Fuzzer.ts'
import { replicationMessages, snapshots } from './targets/snapshots.ts'

const few = amountOf({ test: 2_000, ci: 50_000, soak: 1_000_000 })
const many = amountOf({ test: 3_000, ci: 150_000, soak: 10_000_000 })

spec(
  `fuzzing :: replication, SEED=${rowSeed}`,
  (it) => {
    it(`${snapshots.name}: ${many} inputs`, () => fuzz(snapshots, many))
    it(`${replicationMessages.name}: ${few} inputs`, () => fuzz(replicationMessages, few))
  },
  Math.max(60_000, many),
)
