import * as assert from 'uvu/assert'
import { generationOf, slotOf } from '../../src/replication/netId.ts'
import {
  createSlotTable,
  holdSlot,
  isTaken,
  leaveSlot,
  releaseSlot,
  takeSlot,
} from '../../src/replication/SlotTable.ts'
import { mulberry32 } from '../lib/random.ts'
import { rowSeed } from '../lib/row.ts'
import { spec } from '../spec.ts'

spec('slots', (it) => {
  it('begin at 1, and no net id is 0', () => {
    assert.is(takeSlot(createSlotTable()), 1)
  })

  it('come back with the next generation', () => {
    const slots = createSlotTable()
    const first = takeSlot(slots)
    leaveSlot(slots, first)
    assert.not.ok(isTaken(slots, first))
    const second = takeSlot(slots)
    assert.is(slotOf(second), slotOf(first))
    assert.is(generationOf(second), 1)
    assert.not.ok(isTaken(slots, first))
    // What has left before cannot leave again.
    leaveSlot(slots, first)
    assert.ok(isTaken(slots, second))
  })

  it('rest until no client holds them', () => {
    const slots = createSlotTable()
    const first = takeSlot(slots)
    holdSlot(slots, slotOf(first))
    holdSlot(slots, slotOf(first))
    leaveSlot(slots, first)
    assert.is(slotOf(takeSlot(slots)), 2)
    releaseSlot(slots, slotOf(first))
    assert.is(slotOf(takeSlot(slots)), 3)
    releaseSlot(slots, slotOf(first))
    assert.is(slotOf(takeSlot(slots)), slotOf(first))
  })

  it('never come back when their generations are used up', () => {
    const slots = createSlotTable()
    const seen = new Set<number>()
    for (let round = 0; round < 4_096; round++) {
      const netId = takeSlot(slots)
      assert.is(slotOf(netId), 1)
      seen.add(netId)
      leaveSlot(slots, netId)
    }
    assert.is(seen.size, 4_096)
    assert.is(takeSlot(slots), 2)
  })

  it('are 2²⁰ − 1 at most', () => {
    const slots = createSlotTable()
    for (let count = 1; count < 2 ** 20; count++) takeSlot(slots)
    assert.is(slots.count, 2 ** 20 - 1)
    assert.is(takeSlot(slots), 0)
    leaveSlot(slots, 77)
    assert.is(slotOf(takeSlot(slots)), 77)
  })

  it(`never have one net id twice, SEED=${rowSeed}`, () => {
    const random = mulberry32(rowSeed)
    const slots = createSlotTable()
    const seen = new Set<number>()
    const alive: number[] = []
    const held: number[] = []
    for (let round = 0; round < 20_000; round++) {
      const at = Math.floor(random() * alive.length)
      if (alive.length < 50 && random() < 0.6) {
        const netId = takeSlot(slots)
        assert.not.ok(seen.has(netId))
        seen.add(netId)
        alive.push(netId)
      } else if (alive.length > 0 && random() < 0.5) {
        holdSlot(slots, slotOf(alive[at]!))
        held.push(slotOf(alive[at]!))
      } else if (alive.length > 0) leaveSlot(slots, alive.splice(at, 1)[0]!)
      if (held.length > 20) releaseSlot(slots, held.splice(Math.floor(random() * 20), 1)[0]!)
      assert.is(slots.count, alive.length)
    }
  })
})
