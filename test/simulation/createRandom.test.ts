import * as assert from 'uvu/assert'
import { createRandom, drawInteger } from '../../src/simulation/createRandom.ts'
import { thrownBy } from '../lib/throws.ts'
import { spec } from '../spec.ts'

const count = 20_000

function messageOf(run: () => unknown): string {
  return (thrownBy(run) as Error).message
}

function draw(random: () => number): number[] {
  return Array.from({ length: count }, random)
}

spec('createRandom', (it) => {
  it('draws the same for a seed and a stream, and nothing alike for its neighbours', () => {
    const drawn = draw(createRandom(5, 'a'))
    assert.equal(draw(createRandom(5, 'a')), drawn)
    for (const other of [createRandom(6, 'a'), createRandom(5, 'b'), createRandom(5)]) {
      const values = draw(other)
      const shared = drawn.filter((value, index) => value === values[index]).length
      assert.ok(shared < 3, `${shared} alike`)
      const product = drawn.reduce(
        (sum, value, index) => sum + (value - 0.5) * (values[index]! - 0.5),
        0,
      )
      // Its deviation is √20,000 / 12, 11.8.
      assert.ok(Math.abs(product) < 59, `${product}`)
    }
  })

  it('draws numbers from 0 to below 1, as many in each hundredth', () => {
    const counts = Array.from({ length: 100 }, () => 0)
    for (const value of draw(createRandom(1))) {
      assert.ok(value >= 0 && value < 1)
      counts[Math.floor(value * 100)]!++
    }
    // 200 each, with a deviation of 14.
    for (const each of counts) assert.ok(each > 130 && each < 270, `${each}`)
  })

  it('takes any whole seed, and nothing else', () => {
    createRandom(0)
    createRandom(Number.MAX_SAFE_INTEGER)
    for (const seed of [-1, 0.5, Number.NaN, 2 ** 53, '1', undefined])
      assert.match(
        messageOf(() => createRandom(seed as number)),
        'seed must be an integer',
      )
    assert.match(
      messageOf(() => createRandom(1, 5 as never)),
      'stream must be a text',
    )
  })
})

spec('drawInteger', (it) => {
  it('draws both ends', () => {
    assert.is(
      drawInteger(() => 0, 3, 5),
      3,
    )
    assert.is(
      drawInteger(() => 1 - 2 ** -32, 3, 5),
      5,
    )
  })
})
