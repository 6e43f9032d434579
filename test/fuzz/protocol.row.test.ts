// The decoders of the wire under any bytes.

import { amountOf, rowSeed } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { fuzz } from './Fuzzer.ts'
import { datagrams } from './targets/datagrams.ts'
import { frames } from './targets/frames.ts'
import { reliable } from './targets/reliable.ts'
import { clientHandshake, messages, serverHandshake, stream } from './targets/streams.ts'

const few = amountOf({ test: 1_500, ci: 100_000, soak: 1_000_000 })
const many = amountOf({ test: 2_000, ci: 100_000, soak: 3_000_000 })

spec(
  `fuzzing :: the wire, SEED=${rowSeed}`,
  (it) => {
    for (const target of [serverHandshake, clientHandshake, messages])
      it(`${target.name}: ${few} inputs`, () => fuzz(target, few))
    for (const target of [stream, frames, datagrams, reliable])
      it(`${target.name}: ${many} inputs`, () => fuzz(target, many))
  },
  Math.max(60_000, many),
)
