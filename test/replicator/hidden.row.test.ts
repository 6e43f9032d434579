// What a client may not see is in no packet to it: neither entities that are hidden from it, nor values that are for others.

import * as assert from 'uvu/assert'
import { amountOf, rowSeed } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { type Found, planted, playSecrets } from './SecretsGame.ts'

const games = amountOf({ test: 1, ci: 4 })
const snapshots = amountOf({ test: 30, ci: 120 })
const little = { snapshots, bytesPerSnapshot: 150 }
const much = { snapshots, bytesPerSnapshot: 65_536 }

function leaks({ leaked }: Found): string[] {
  return planted.filter((kind) => leaked[kind] > 0).map((kind) => `${kind}: ${leaked[kind]}`)
}

spec(
  'what a client may not see',
  (it) => {
    for (let seed = rowSeed; seed < rowSeed + games; seed++)
      for (const options of [little, much].slice(0, amountOf({ test: 1, ci: 2 }))) {
        const name = `${options.bytesPerSnapshot} bytes a snapshot, seed ${seed}`
        it(`is in no packet to it: ${name}`, async () => {
          const found = await playSecrets({ seed, ...options })
          assert.equal(leaks(found), [])
          for (const kind of planted) assert.ok(found.seen[kind] > 0, `${kind} was seen`)
        })

        it(`makes no difference to its packets: ${name}`, async () => {
          const one = await playSecrets({ seed, ...options, salt: 1 })
          const other = await playSecrets({ seed, ...options, salt: 2 })
          assert.equal(other.packets[0], one.packets[0])
          for (const player of [1, 2]) assert.not.equal(other.packets[player], one.packets[player])
        })
      }

    it(`is found where a game shows all: seed ${rowSeed}`, async () => {
      const found = await playSecrets({ seed: rowSeed, ...much, fault: 'shows what is hidden' })
      for (const kind of planted)
        if (kind !== 'secret') assert.ok(found.leaked[kind] > 0, `${kind} was found`)
    })

    it(`is found where a component is for all: seed ${rowSeed}`, async () => {
      const found = await playSecrets({ seed: rowSeed, ...much, fault: 'sends to all' })
      for (const kind of planted)
        assert.is(found.leaked[kind] > 0, kind === 'secret' || kind === 'rumour', kind)
    })
  },
  120_000,
)
