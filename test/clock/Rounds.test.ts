import * as assert from 'uvu/assert'
import { Rounds } from '../../src/clock/Rounds.ts'
import { spec } from '../spec.ts'

function createRounds(count: number): Rounds<number> {
  const rounds = new Rounds<number>()
  for (let index = 0; index < count; index++) rounds.all.add(index)
  return rounds
}

/** What is looked at from call to call, `stepMs` apart. */
function looksOf(rounds: Rounds<number>, stepMs: number, calls: number): number[][] {
  return Array.from({ length: calls }, (_, call) => {
    const looked: number[] = []
    rounds.goOn((call + 1) * stepMs, (each) => looked.push(each))
    return looked
  })
}

spec('Rounds', (it) => {
  it('look at few at once, twice a second', () => {
    const looked = looksOf(createRounds(100), 100, 21)
    const due = looked.flatMap(({ length }, call) => (length > 0 ? [(call + 1) * 100] : []))
    assert.equal(due, [500, 1_000, 1_500, 2_000])
    for (const each of looked) assert.ok(each.length === 0 || each.length === 100)
  })

  it('look at many in parts, each once a round', () => {
    const looked = looksOf(createRounds(10_000), 1_000 / 60, 300)
    assert.is(Math.max(...looked.map(({ length }) => length)), 128)
    const all = looked.flat()
    assert.ok(all.length > 20_000)
    assert.equal(new Set(all.slice(0, 10_000)).size, 10_000)
    assert.equal(all.slice(10_000, 20_000), all.slice(0, 10_000))
  })

  it('end a round in 2 s however rarely they go on', () => {
    const looked = looksOf(createRounds(10_000), 700, 8)
    for (const { length } of looked.slice(0, 2)) assert.is(length, 3_500)
    assert.is(looked.slice(0, 3).flat().length, 10_000)
    assert.equal(
      looksOf(createRounds(10_000), 5_000, 2).map(({ length }) => length),
      [10_000, 10_000],
    )
  })

  it('leave out what is gone before its turn', () => {
    const rounds = createRounds(300)
    const looked: number[] = []
    const look = (each: number): void => {
      looked.push(each)
      rounds.all.delete(each + 1)
    }
    for (let call = 1; call <= 3; call++) rounds.goOn(500 + call, look)
    assert.equal(
      looked,
      Array.from({ length: 150 }, (_, index) => 2 * index),
    )
    rounds.all.clear()
    for (let call = 1; call <= 3; call++) rounds.goOn(2_000 * call, look)
    assert.is(looked.length, 150)
  })
})
