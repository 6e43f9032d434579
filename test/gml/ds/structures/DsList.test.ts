import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import {
  addItem,
  clearItems,
  copyItems,
  createDsList,
  deleteItem,
  type DsList,
  setItem,
} from '../../../../src/gml/ds/structures/DsList.ts'
import { spec } from '../../../spec.ts'

const names = ['add', 'set', 'delete', 'clear', 'copy'] as const

const steps = fc.array(
  fc.record({
    name: fc.constantFrom(...names, 'add', 'add', 'set', 'delete'),
    position: fc.nat(12),
    value: fc.nat(),
  }),
  { maxLength: 40 },
)

spec('DsList', (it) => {
  it('does what an array does that is filled with zeros', () => {
    fc.assert(
      fc.property(steps, (script) => {
        let list = createDsList()
        const model: unknown[] = []
        for (const step of script) {
          list = run(step, list, model)
          assert.equal(
            list.items.map(({ value }) => value),
            model,
          )
        }
      }),
      { numRuns: 500 },
    )
  })

  it('notes what is owned until the position is set', () => {
    const list = createDsList()
    addItem(list, 7, 'list')
    const copy = createDsList()
    copyItems(copy, list)
    setItem(list, 0, 7)
    assert.is(list.items[0]?.owned, undefined)
    assert.is(copy.items[0]?.owned, 'list')
  })
})

type Step = { name: (typeof names)[number]; position: number; value: number }

function run({ name, position, value }: Step, list: DsList, model: unknown[]): DsList {
  switch (name) {
    case 'add':
      addItem(list, value)
      model.push(value)
      return list
    case 'set':
      setItem(list, position, value)
      while (model.length < position) model.push(0)
      model[position] = value
      return list
    case 'delete':
      assert.is(deleteItem(list, position), position < model.length)
      model.splice(position, 1)
      return list
    case 'clear':
      clearItems(list)
      model.length = 0
      return list
    default: {
      copyItems(list, list)
      const copy = createDsList()
      addItem(copy, 'gone')
      copyItems(copy, list)
      return copy
    }
  }
}
