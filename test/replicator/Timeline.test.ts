import * as assert from 'uvu/assert'
import { range } from '../../src/replication/fieldTypes.ts'
import { addLeaving, createTimeline, endLeaving, rowsFor } from '../../src/replicator/Timeline.ts'
import { Reel } from '../replication/shown/Reel.ts'
import { spec } from '../spec.ts'

const place = { name: 'Place', fields: { x: range(0, 10, 1) }, interpolate: 'mixed' } as const

spec('Timeline', (it) => {
  it('releases the index of a replica that has ended, once it is not shown any more', () => {
    const reel = new Reel([place])
    reel.add({ Place: [1] })
    reel.take(reel.snapshot(5), 50)
    const timeline = createTimeline(reel.replicas, [], 10)
    const index = reel.replicas.changes.index[0]!
    addLeaving(timeline, { entity: 7, index, tick: 10, spawnTick: 5 }, 1_000)
    assert.is(timeline.leaving.get(7)!.untilMs, 1_500)
    assert.is(timeline.coming.get(7), 5)
    assert.is(reel.replicas.released[index], 0)
    endLeaving(timeline, 7)
    assert.is(reel.replicas.released[index], 1)
    assert.equal([timeline.leaving.size, timeline.leavingAt.size, timeline.coming.size], [0, 0, 0])
    endLeaving(timeline, 7)
  })

  it('keeps 32 snapshots where something is interpolated, else as many as the server', () => {
    assert.is(rowsFor(new Reel([place]).schema, 4), 32)
    assert.is(rowsFor(new Reel([{ ...place, interpolate: false }]).schema, 4), 4)
  })
})
