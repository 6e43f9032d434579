// What a game does with what its peers send, under any bytes.

import { amountOf, rowSeed } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { fuzz } from './Fuzzer.ts'
import { addresses } from './targets/addresses.ts'
import { base64 } from './targets/base64.ts'
import { buffers } from './targets/buffers.ts'
import { json, sealed } from './targets/json.ts'
import { structures } from './targets/structures.ts'
import { zlib } from './targets/zlib.ts'

const few = amountOf({ test: 1_000, ci: 50_000, soak: 600_000 })
const many = amountOf({ test: 1_000, ci: 50_000, soak: 1_000_000 })

spec(
  `fuzzing :: what is read of messages, SEED=${rowSeed}`,
  (it) => {
    for (const target of [base64, zlib, json, sealed, addresses])
      it(`${target.name}: ${few} inputs`, () => fuzz(target, few))
    for (const target of [buffers, structures])
      it(`${target.name}: ${many} inputs`, () => fuzz(target, many))
  },
  Math.max(60_000, many),
)
