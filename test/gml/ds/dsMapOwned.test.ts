import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { ds_type_list, ds_type_map } from '../../../src/gml/constants.ts'
import { ds_exists } from '../../../src/gml/ds/dsExists.ts'
import { addList, findList } from '../../../src/gml/ds/dsHandles.ts'
import { ds_list_clear, ds_list_destroy } from '../../../src/gml/ds/dsListFunctions.ts'
import {
  ds_map_clear,
  ds_map_copy,
  ds_map_delete,
  ds_map_destroy,
  ds_map_find_value,
  ds_map_set,
  ds_map_size,
} from '../../../src/gml/ds/dsMapFunctions.ts'
import {
  ds_map_add_list,
  ds_map_add_map,
  ds_map_is_list,
  ds_map_is_map,
  ds_map_replace_list,
  ds_map_replace_map,
} from '../../../src/gml/ds/dsMapOwned.ts'
import { addItem, createDsList } from '../../../src/gml/ds/structures/DsList.ts'
import { throwsError, wrong } from '../../buffer/helpers.ts'
import { spec } from '../../spec.ts'
import { type Call, checkUnknown, mapOf, noHandles, uniqueList, uniqueMap } from './dsHelpers.ts'
import { withSetting } from '../withSetting.ts'

const someMap = uniqueMap()
const someList = uniqueList()

const calls: Call[] = [
  ['ds_map_add_map', (id) => ds_map_add_map(id, 'a', someMap), undefined],
  ['ds_map_add_list', (id) => ds_map_add_list(id, 'a', someList), undefined],
  ['ds_map_replace_map', (id) => ds_map_replace_map(id, 'a', someMap), undefined],
  ['ds_map_replace_list', (id) => ds_map_replace_list(id, 'a', someList), undefined],
  ['ds_map_is_map', (id) => ds_map_is_map(id, 'a'), false],
  ['ds_map_is_list', (id) => ds_map_is_list(id, 'a'), false],
]

/** The functions that make a structure owned, with the kind of handle they take. */
const owning: [name: string, run: typeof ds_map_add_map, kind: 'map' | 'list'][] = [
  ['ds_map_add_map', ds_map_add_map, 'map'],
  ['ds_map_add_list', ds_map_add_list, 'list'],
  ['ds_map_replace_map', ds_map_replace_map, 'map'],
  ['ds_map_replace_list', ds_map_replace_list, 'list'],
]

spec('owned maps and lists', (it) => {
  for (const [name, run, kind] of owning) {
    it(`${name} makes the value the map's own`, () => {
      const map = mapOf(['plain', 1])
      const child = kind === 'map' ? uniqueMap() : uniqueList()
      run(map, 'child', child)
      assert.is(ds_map_find_value(map, 'child'), child)
      assert.is(ds_map_is_map(map, 'child'), kind === 'map')
      assert.is(ds_map_is_list(map, 'child'), kind === 'list')
      assert.is(ds_map_is_map(map, 'plain'), false)
      assert.is(ds_map_is_list(map, 'none'), false)
      ds_map_destroy(map)
      assert.is(exists(child), false)
    })

    it(`${name} takes handles only`, () => {
      const map = uniqueMap()
      for (const value of noHandles)
        throwsError(() => run(map, 'a', wrong(value)), 'TypeError', `${name}: ds_${kind} must`)
      run(map, 'unknown', 1e9)
      assert.is(ds_map_find_value(map, 'unknown'), 1e9)
      withSetting('unknown_structure', 'error', () => {
        const none = [1e9, -1, kind === 'map' ? someList : someMap]
        for (const id of none)
          throwsError(
            () => run(map, 'b', id),
            'RangeError',
            `${name}: there is no ds_${kind} ${id}`,
          )
      })
      assert.is(ds_map_size(map), 1)
      ds_map_destroy(map)
    })
  }

  it('are not taken by ds_map_add_… for a key that is there', () => {
    const map = mapOf(['a', 1])
    const child = uniqueMap()
    ds_map_add_map(map, 'a', child)
    assert.is(ds_map_find_value(map, 'a'), 1)
    ds_map_destroy(map)
    assert.is(exists(child), true)
  })

  it('end when the map is cleared', () => {
    const map = uniqueMap()
    const children = [uniqueMap(), uniqueList(), uniqueMap()]
    ds_map_add_map(map, 'a', children[0]!)
    ds_map_add_list(map, 'b', children[1]!)
    ds_map_set(map, 'c', children[2])
    ds_map_clear(map)
    assert.equal(children.map(exists), [false, false, true])
    assert.is(exists(map), true)
    assert.is(ds_map_size(map), 0)
  })

  it('stay when they are replaced, set over or deleted, and are then nobody’s', () => {
    const map = uniqueMap()
    const children = [uniqueMap(), uniqueList(), uniqueMap(), uniqueMap()]
    const [replaced, set, deleted, last] = children as [number, number, number, number]
    ds_map_add_map(map, 'a', replaced)
    ds_map_replace_map(map, 'a', last)
    ds_map_add_list(map, 'b', set)
    ds_map_set(map, 'b', set)
    assert.is(ds_map_is_list(map, 'b'), false)
    ds_map_add_map(map, 'c', deleted)
    ds_map_delete(map, 'c')
    ds_map_destroy(map)
    assert.equal(children.map(exists), [true, true, true, false])
  })

  it('belong to both maps after ds_map_copy, which destroys none', () => {
    const map = uniqueMap()
    const copy = uniqueMap()
    const before = uniqueMap()
    const child = uniqueMap()
    ds_map_add_map(map, 'a', child)
    ds_map_add_map(copy, 'b', before)
    ds_map_copy(copy, map)
    assert.is(exists(before), true)
    assert.is(ds_map_is_map(copy, 'a'), true)
    ds_map_destroy(map)
    assert.is(exists(child), false)
    ds_map_destroy(copy)
    assert.is(exists(copy), false)
  })

  it('end once, however often they are owned, and hit nothing else', () => {
    const map = uniqueMap()
    const child = uniqueMap()
    ds_map_add_map(map, 'a', child)
    ds_map_add_map(map, 'b', child)
    ds_map_destroy(child)
    const other = uniqueMap()
    ds_map_destroy(map)
    assert.is(exists(other), true)
  })

  it('that do not exist yet do not become anybody’s', () => {
    const map = uniqueMap()
    const next = uniqueMap() + 1
    ds_map_add_map(map, 'a', next)
    assert.is(ds_map_is_map(map, 'a'), false)
    let later = uniqueMap()
    while (later < next) later = uniqueMap()
    assert.is(later, next)
    ds_map_destroy(map)
    assert.is(exists(next), true)
  })

  it('of the wrong kind are not touched', () => {
    const map = uniqueMap()
    ds_map_add_map(map, 'list', someList)
    ds_map_add_list(map, 'map', someMap)
    ds_map_destroy(map)
    assert.is(exists(someList), true)
    assert.is(exists(someMap), true)
  })

  it('may own each other', () => {
    const a = uniqueMap()
    const b = uniqueMap()
    ds_map_add_map(a, 'b', b)
    ds_map_add_map(b, 'a', a)
    ds_map_add_map(a, 'a', a)
    ds_map_destroy(a)
    assert.is(exists(a), false)
    assert.is(exists(b), false)
    const c = uniqueMap()
    const d = uniqueMap()
    ds_map_add_map(c, 'd', d)
    ds_map_add_map(d, 'c', c)
    ds_map_clear(c)
    assert.is(exists(d), false)
  })

  it('may be deeper than the stack', () => {
    const depth = 100_000
    const top = uniqueMap()
    const all = [top]
    for (let i = 1; i < depth; i++) {
      const next = uniqueMap()
      ds_map_add_map(all.at(-1)!, 'next', next)
      all.push(next)
    }
    ds_map_destroy(top)
    assert.is(all.some(exists), false)
  })

  it('end with the list that owns them, which json_decode makes', () => {
    for (const end of [ds_list_destroy, ds_list_clear]) {
      const [map, list, plain] = [uniqueMap(), uniqueList(), uniqueMap()]
      const parent = createDsList()
      addItem(parent, map, 'map')
      addItem(parent, list, 'list')
      addItem(parent, plain)
      const id = addList(parent)
      addItem(findList('test', list)!, id, 'list')
      end(id)
      assert.equal([map, list, plain].map(exists), [false, false, true])
    }
  })

  it('end exactly if a destroyed map leads to them', () => {
    const edges = fc.array(fc.tuple(fc.nat(9), fc.nat(9), fc.boolean()), { maxLength: 25 })
    fc.assert(
      fc.property(edges, fc.nat(9), (links, root) => {
        const maps = Array.from({ length: 10 }, () => uniqueMap())
        for (const [from, to, isOwned] of links) {
          if (isOwned) ds_map_replace_map(maps[from]!, to, maps[to]!)
          else ds_map_set(maps[from]!, to, maps[to]!)
        }
        const ended = reachable(links, root)
        ds_map_destroy(maps[root]!)
        assert.equal(
          maps.map(exists),
          maps.map((_, at) => !ended.has(at)),
        )
      }),
    )
  })

  it('answer for a map that does not exist as for an empty one, or throw if set so', () => {
    const stale = uniqueMap()
    ds_map_destroy(stale)
    checkUnknown(calls, ['ds_map_is_map', 'ds_map_is_list'], stale)
    assert.is(exists(someMap), true)
  })
})

function exists(id: number): boolean {
  return ds_exists(id, ds_type_map) || ds_exists(id, ds_type_list)
}

/** The maps that end with one, in which later links take the place of earlier ones. */
function reachable(links: [number, number, boolean][], root: number): Set<number> {
  const owned = new Map(links.map(([from, to, isOwned]) => [`${from} ${to}`, isOwned]))
  const found = new Set([root])
  for (const from of found)
    for (let to = 0; to < 10; to++) if (owned.get(`${from} ${to}`) === true) found.add(to)
  return found
}
