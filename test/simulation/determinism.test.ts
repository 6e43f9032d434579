// A run follows from its seed alone: of nothing else in its process, and of nothing in its platform.

import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'
import { hashTurmoil } from './Turmoil.ts'

const ticks = 40

/** Where programs have time and chance from. */
const sources: readonly (readonly [object, string])[] = [
  [Date, 'now'],
  [performance, 'now'],
  [Math, 'random'],
  [crypto, 'getRandomValues'],
]

function refuse(): never {
  throw new Error('time or chance was asked for')
}

/** Runs it where nothing but the seed is to be had. */
async function withoutChance<Result>(run: () => Promise<Result>): Promise<Result> {
  const kept = sources.map(([owner, name]) => Reflect.get(owner, name) as unknown)
  for (const [owner, name] of sources) Reflect.set(owner, name, refuse)
  try {
    return await run()
  } finally {
    for (const [index, [owner, name]] of sources.entries()) Reflect.set(owner, name, kept[index])
  }
}

spec('a run in memory', (it) => {
  it('is the same again with the same seed, and another with another', async () => {
    const first = await hashTurmoil(7, ticks)
    // In between another has left its traces in whatever runs share.
    const other = await hashTurmoil(8, ticks)
    const second = await withoutChance(() => hashTurmoil(7, ticks))
    assert.match(first, /^[\da-f]{16}$/)
    assert.is(second, first)
    assert.is.not(other, first)
  })
})
