import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import {
  addEntry,
  clearEntries,
  copyEntries,
  createDsMap,
  deleteEntry,
  type DsMap,
  setEntry,
} from '../../../../src/gml/ds/structures/DsMap.ts'
import { spec } from '../../../spec.ts'

const anArray: unknown[] = []
const aStruct = {}
const keys = [
  5,
  '5',
  0,
  -0,
  Number.NaN,
  '',
  undefined,
  null,
  true,
  2n ** 64n - 1n,
  anArray,
  aStruct,
  '__proto__',
]

type Step =
  | { name: 'set' | 'add'; key: unknown; value: number }
  | { name: 'delete'; key: unknown }
  | { name: 'clear' | 'copy' }

const key = fc.constantFrom(...keys)

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({ name: fc.constant('set' as const), key, value: fc.nat(99) }),
    },
    {
      weight: 12,
      arbitrary: fc.record({ name: fc.constant('add' as const), key, value: fc.nat(99) }),
    },
    { weight: 8, arbitrary: fc.record({ name: fc.constant('delete' as const), key }) },
    {
      weight: 1,
      arbitrary: fc.record({ name: fc.constantFrom('clear' as const, 'copy' as const) }),
    },
  ),
  { maxLength: 60 },
)

spec('DsMap', (it) => {
  it('does what a Map does, and its links agree in both directions', () => {
    fc.assert(
      fc.property(steps, (script) => {
        let map = createDsMap()
        const model = new Map<unknown, unknown>()
        for (const step of script) {
          map = run(step, map, model)
          checkLinks(map, model)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('keeps the place of a key that is set again, but not of one that was deleted', () => {
    const map = createDsMap()
    for (const name of ['a', 'b', 'c']) setEntry(map, name, 1)
    setEntry(map, 'a', 2)
    assert.equal([...map.entries.keys()], ['a', 'b', 'c'])
    deleteEntry(map, 'a')
    setEntry(map, 'a', 3)
    assert.equal([...map.entries.keys()], ['b', 'c', 'a'])
    assert.is(map.last?.key, 'a')
    assert.is(map.first?.key, 'b')
  })

  it('notes what is owned until the key is set without', () => {
    const map = createDsMap()
    setEntry(map, 'a', 7, 'map')
    assert.is(addEntry(map, 'a', 8, 'list'), false)
    assert.is(map.entries.get('a')?.owned, 'map')
    const copy = createDsMap()
    copyEntries(copy, map)
    setEntry(map, 'a', 7)
    assert.is(map.entries.get('a')?.owned, undefined)
    assert.is(copy.entries.get('a')?.owned, 'map')
  })

  it('stays as it is when copied onto itself', () => {
    const map = createDsMap()
    setEntry(map, 'a', 1)
    copyEntries(map, map)
    assert.is(map.entries.get('a')?.value, 1)
  })
})

function run(step: Step, map: DsMap, model: Map<unknown, unknown>): DsMap {
  switch (step.name) {
    case 'set':
      setEntry(map, step.key, step.value)
      model.set(step.key, step.value)
      return map
    case 'add':
      assert.is(addEntry(map, step.key, step.value), !model.has(step.key))
      if (!model.has(step.key)) model.set(step.key, step.value)
      return map
    case 'delete':
      assert.is(deleteEntry(map, step.key), model.delete(step.key))
      return map
    case 'clear':
      clearEntries(map)
      model.clear()
      return map
    default: {
      const copy = createDsMap()
      setEntry(copy, 'gone', 1)
      copyEntries(copy, map)
      return copy
    }
  }
}

function checkLinks(map: DsMap, model: Map<unknown, unknown>): void {
  const forward: unknown[] = []
  for (let entry = map.first; entry !== undefined; entry = entry.next) forward.push(entry.key)
  const backward: unknown[] = []
  for (let entry = map.last; entry !== undefined; entry = entry.previous) backward.push(entry.key)
  sameList(forward, [...model.keys()])
  sameList(backward.toReversed(), [...model.keys()])
  sameList([...map.entries.keys()], [...model.keys()])
  sameList(
    [...map.entries.values()].map(({ value }) => value),
    [...model.values()],
  )
}

function sameList(actual: unknown[], expected: unknown[]): void {
  assert.is(actual.length, expected.length)
  for (const [at, value] of expected.entries()) assert.ok(Object.is(actual[at], value))
}
