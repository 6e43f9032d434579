// Snapshots byte by byte: golden bytes by hand, as docs/replication-protocol.md has them.

import * as assert from 'uvu/assert'
import { clearBits, createBitWriter } from '../../src/bits/BitWriter.ts'
import { acknowledge } from '../../src/replication/acknowledge.ts'
import { type ClientView, createClientView } from '../../src/replication/ClientView.ts'
import { decodeSnapshot } from '../../src/replication/decodeSnapshot.ts'
import { encodeSnapshot } from '../../src/replication/encodeSnapshot.ts'
import { endTick } from '../../src/replication/endTick.ts'
import { f64, range, u16, u8 } from '../../src/replication/fieldTypes.ts'
import { slotOf } from '../../src/replication/netId.ts'
import {
  createReplicas,
  indexOf,
  releaseReplica,
  restartReplicas,
  rowAfter,
  rowBefore,
} from '../../src/replication/Replicas.ts'
import { createSchema } from '../../src/replication/Schema.ts'
import { setVisible } from '../../src/replication/setVisible.ts'
import { type SnapshotOptions } from '../../src/replication/SnapshotOptions.ts'
import {
  addSourceEntity,
  beginTick,
  createSource,
  removeSourceEntity,
  setMask,
  type Source,
} from '../../src/replication/Source.ts'
import { spec } from '../spec.ts'

const schema = createSchema([
  { name: 'Health', fields: u8 },
  { name: 'Place', fields: { x: range(0, 100, 1), y: u16 } },
  { name: 'Gem' },
])
const [healthAt, xAt, yAt] = [2, 3, 4]

const options: SnapshotOptions = {
  seconds: 0.05,
  clientSequence: 0,
  heldMs: 0,
  resendTicks: 100,
}

const writer = createBitWriter(1 << 18)

function encode(source: Source, view: ClientView, more: Partial<SnapshotOptions> = {}): Uint8Array {
  clearBits(writer)
  encodeSnapshot(source, view, writer, { ...options, ...more })
  return writer.bytes.slice(0, writer.at)
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** A server with one entity in slot 1, and a client on an ordered link. */
function createEnds(isOrdered = true) {
  const source = createSource(schema, 8)
  const view = createClientView({ client: 1, isOrdered, bytesMax: 4_096 })
  const replicas = createReplicas(schema, 8)
  const netId = addSourceEntity(source)
  const tick = (at: number, mask: number, owner: number, ...values: [number, number][]): void => {
    beginTick(source, at)
    const ints = source.history.ints[source.row]!
    for (const [int, value] of values) ints[schema.intWidth + int] = value
    setMask(source, 1, mask, 0, owner)
    endTick(source)
  }
  const snapshot = (): Uint8Array => {
    setVisible(source, view, [1], 1)
    return encode(source, view)
  }
  return { source, view, replicas, netId, tick, snapshot }
}

spec('a snapshot', (it) => {
  it('is as the page says', () => {
    const { source, replicas, netId, tick, snapshot } = createEnds()
    const take = (bytes: Uint8Array): void => assert.is(decodeSnapshot(replicas, bytes, 5), 'ok')

    tick(5, 0b101, 1, [healthAt, 7])
    const whole = snapshot()
    assert.is(hexOf(whole), '626552010400000000000005000000015000403d18')
    take(whole)
    assert.is(indexOf(replicas, netId), 0)

    tick(6, 0b101, 1, [healthAt, 10])
    const changed = snapshot()
    assert.is(hexOf(changed), '6265520104010000000000060000000540a830')
    take(changed)

    tick(7, 0b111, 0, [xAt, 50], [yAt, 1_000])
    const added = snapshot()
    assert.is(hexOf(added), '62655201040200000000000700000005407432f48101')
    take(added)
    const { changes } = replicas
    assert.equal([changes.count, changes.low[0], changes.oldLow[0]], [1, 0b111, 0b101])
    assert.equal([changes.changedLow[0], changes.owned[0], changes.wasOwned[0]], [0b010, 0, 1])

    tick(8, 0b111, 0, [xAt, 48])
    const moved = snapshot()
    assert.is(hexOf(moved), '62655201040300000000000800000005403032')
    take(moved)
    assert.is(replicas.history.ints[replicas.changes.row]![xAt], 48)

    removeSourceEntity(source, netId)
    beginTick(source, 9)
    endTick(source)
    const gone = snapshot()
    assert.is(hexOf(gone), '62655201040400000000000900000085100030')
    take(gone)
    assert.equal([replicas.changes.goneCount, replicas.changes.gone[0]], [1, 0])
    assert.is(indexOf(replicas, netId), -1)
  })

  it('of a world at rest is 17 bytes', () => {
    const { tick, snapshot } = createEnds()
    tick(1, 0b101, 1)
    snapshot()
    tick(2, 0b101, 1)
    assert.is(snapshot().length, 17)
  })

  it('is dropped without effect if a bit is missing or left over', () => {
    const { replicas, tick, snapshot } = createEnds()
    tick(5, 0b111, 1, [healthAt, 7])
    const bytes = snapshot()
    for (let size = 5; size < bytes.length; size++)
      assert.is(decodeSnapshot(replicas, bytes.slice(0, size), 5), 'malformed')
    assert.is(decodeSnapshot(replicas, Uint8Array.of(...bytes, 0), 5), 'malformed')
    const bitLeft = bytes.slice()
    bitLeft[bytes.length - 1]! |= 0x80
    assert.is(decodeSnapshot(replicas, bitLeft, 5), 'malformed')
    assert.is(replicas.malformedInRow, bytes.length - 5 + 2)
    assert.equal([replicas.count, replicas.end, replicas.acks.newest], [0, 0, -1])
    assert.is(decodeSnapshot(replicas, bytes, 5), 'ok')
    assert.is(replicas.malformedInRow, 0)
    assert.is(decodeSnapshot(replicas, bytes, 5), 'duplicate')
  })

  it('is a difference to what the client has acknowledged, and whole before that', () => {
    const { source, view, replicas, tick, snapshot } = createEnds(false)
    const sizes: number[] = []
    for (let at = 1; at <= 12; at++) {
      tick(at, 0b111, 0, [healthAt, at], [xAt, at], [yAt, 5_000])
      const bytes = snapshot()
      sizes.push(bytes.length)
      // Every other one is lost, and acknowledgements take 3 ticks.
      if (at % 2 === 0) assert.is(decodeSnapshot(replicas, bytes, 5), 'ok')
      if (at > 4 && at % 2 === 0) acknowledge(source, view, at - 3, 0b10)
    }
    assert.equal(sizes, [24, 24, 24, 24, 24, 24, 20, 20, 20, 20, 20, 20])
  })

  it('is late if it is older than all that is held, and its late values do not replace newer ones', () => {
    const { view, replicas, tick, snapshot } = createEnds(false)
    const packets: Uint8Array[] = []
    for (let at = 1; at <= 12; at++) {
      tick(at, 0b001, 0, [healthAt, at])
      packets.push(snapshot())
    }
    assert.is(view.sent, 12)
    for (const at of [12, 10, 11]) assert.is(decodeSnapshot(replicas, packets[at - 1]!, 5), 'ok')
    assert.equal([replicas.tick, replicas.changes.isNewest, replicas.changes.count], [12, false, 0])
    for (let at = 9; at > 4; at--) assert.is(decodeSnapshot(replicas, packets[at - 1]!, 5), 'ok')
    assert.is(decodeSnapshot(replicas, packets[0]!, 5), 'late')
    // They are there to be drawn.
    assert.is(replicas.history.ticks[rowBefore(replicas, 0, 10)], 10)
    assert.is(replicas.history.ticks[rowAfter(replicas, 0, 10)], 11)
    assert.equal([rowBefore(replicas, 0, 4), rowAfter(replicas, 0, 12)], [-1, -1])
  })

  it('of a second connection to the same server keeps the replicas that it names', () => {
    const { source, replicas, tick, snapshot } = createEnds()
    const other = addSourceEntity(source)
    tick(1, 0b001, 0, [healthAt, 1])
    const first = createClientView({ client: 1, isOrdered: true, bytesMax: 4_096 })
    setVisible(source, first, [1, 2], 2)
    assert.is(decodeSnapshot(replicas, encode(source, first), 5), 'ok')
    assert.is(replicas.count, 2)
    restartReplicas(replicas)
    assert.is(replicas.count, 2)
    tick(2, 0b001, 0, [healthAt, 1])
    assert.is(decodeSnapshot(replicas, snapshot(), 5), 'ok')
    const { changes } = replicas
    assert.ok(changes.isComplete)
    assert.equal([changes.count, changes.isNew[0], changes.index[0]], [1, 0, 0])
    assert.equal([changes.goneCount, changes.gone[0]], [1, 1])
    assert.is(indexOf(replicas, other), -1)
    releaseReplica(replicas, 1)
  })
})

spec('acknowledgements', (it) => {
  it('of packets that were not sent change nothing', () => {
    const { source, view, tick, snapshot } = createEnds(false)
    assert.not.ok(acknowledge(source, view, 0, 0))
    tick(1, 0b001, 0)
    snapshot()
    for (const sequence of [1, 2, 100, 0xffff, 0x8000])
      assert.not.ok(acknowledge(source, view, sequence, 0xffffffff))
    assert.is(view.baseline, 0)
    assert.ok(acknowledge(source, view, 0, 0xffffffff))
    assert.is(view.baseline, 1)
  })

  it('of more than 64 packets ago, too', () => {
    const { source, view, tick, snapshot } = createEnds(false)
    for (let at = 1; at <= 70; at++) {
      tick(at, 0b001, 0)
      snapshot()
    }
    assert.not.ok(acknowledge(source, view, 5, 0))
    assert.ok(acknowledge(source, view, 6, 0))
  })

  it('go on when sequences wrap', () => {
    const { source, view, replicas, tick, snapshot } = createEnds(false)
    for (let at = 1; at <= 65_600; at++) {
      tick(at, 0b001, 0, [healthAt, at & 0xff])
      const bytes = snapshot()
      assert.is(decodeSnapshot(replicas, bytes, 5), 'ok')
      assert.ok(acknowledge(source, view, replicas.acks.newest, replicas.acks.mask))
    }
    assert.is(view.baseline, 65_600)
  })
})

spec('what a client does not see', (it) => {
  it('is in none of its packets', () => {
    // P3: a value that nothing else can be, looked for at every bit.
    const secrets = createSchema([
      { name: 'Marker', fields: f64 },
      { name: 'Own', fields: f64, to: 'owner' },
      { name: 'Other', fields: f64, to: 'others' },
    ])
    const source = createSource(secrets, 8)
    const views = [1, 2].map((client) =>
      createClientView({ client, isOrdered: client === 1, bytesMax: 600 }),
    )
    const netIds = Array.from({ length: 24 }, () => addSourceEntity(source))
    let found = 0
    for (let tick = 1; tick <= 120; tick++) {
      beginTick(source, tick)
      const ints = source.history.ints[source.row]!
      for (const [at, netId] of netIds.entries()) {
        const slot = slotOf(netId)
        const from = slot * secrets.intWidth
        for (const { index, fields } of secrets.components) {
          const { intAt } = fields[0]!
          ints[from + intAt] = marker(index, at, tick, 0)
          ints[from + intAt + 1] = marker(index, at, tick, 1)
        }
        setMask(source, slot, 0b111, 0, at % 3)
      }
      endTick(source)
      for (const view of views) {
        const isVisible = (at: number): boolean =>
          at % 3 === view.client || (at + Math.floor(tick / 10)) % 4 < 2
        const slots = netIds.filter((_, at) => isVisible(at)).map(slotOf)
        setVisible(source, view, slots, slots.length)
        const words = wordsOf(encode(source, view))
        if (!view.isOrdered) acknowledge(source, view, (view.sent - 1) & 0xffff, 1)
        for (const at of netIds.keys())
          for (const kind of [0, 1, 2]) {
            const isOwned = at % 3 === view.client
            const mayBeThere = isVisible(at) && (kind === 0 || (kind === 1) === isOwned)
            const isThere = [0, 1].every((half) => words.has(marker(kind, at, tick, half)))
            if (isThere) found++
            assert.ok(mayBeThere || !isThere, `${kind} of ${at} for ${view.client} at ${tick}`)
          }
      }
    }
    assert.ok(found > 1_000, 'markers of what it sees are found')
  })
})

/** A half of a value. Two of them are at two places of a packet only if the value is there. */
function marker(kind: number, at: number, tick: number, half: number): number {
  const number = Math.imul(((kind * 32 + at) * 256 + tick) * 2 + half + 1, 0x9e3779b1)
  return Math.imul(number ^ (number >>> 15), 0x85ebca6b) ^ (number >>> 13)
}

/** Every 32 bits of a packet, from every bit on. */
function wordsOf(bytes: Uint8Array): Set<number> {
  const words = new Set<number>()
  let word = 0
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    word = (word >>> 1) | (((bytes[bit >> 3]! >> (bit & 7)) & 1) << 31)
    words.add(word | 0)
  }
  return words
}

spec('a budget', (it) => {
  const world = createSchema([{ name: 'Health', fields: u8 }])

  function createWorld(count: number, bytesMax: number) {
    const source = createSource(world, 8)
    const netIds = Array.from({ length: count }, () => addSourceEntity(source))
    const view = createClientView({ client: 1, isOrdered: true, bytesMax })
    const slots = netIds.map(slotOf)
    const tick = (at: number, owned = -1): void => {
      beginTick(source, at)
      for (const slot of slots) {
        source.history.ints[source.row]![slot * world.intWidth + 2] = (at + slot) & 0xff
        setMask(source, slot, 1, 0, slot === owned ? 1 : 0)
      }
      endTick(source)
      setVisible(source, view, slots, slots.length)
    }
    return { source, view, slots, tick }
  }

  it('is kept, and fits everything in its turn', () => {
    // P7: about a tenth of what changes fits.
    const { source, view, slots, tick } = createWorld(200, 70)
    const sentAt = new Map(slots.map((slot) => [slot, 0]))
    let longest = 0
    let sent = 0
    const rounds = 400
    for (let at = 1; at <= rounds; at++) {
      tick(at)
      assert.ok(encode(source, view).length <= 70)
      for (const [place, slot] of slots.entries())
        if (view.visible.sentAt[place] === at) {
          longest = Math.max(longest, at - sentAt.get(slot)!)
          sentAt.set(slot, at)
          sent++
        }
    }
    const fairShare = (slots.length * rounds) / sent
    assert.ok(fairShare > 5, `${fairShare} snapshots each`)
    assert.ok(longest <= 10 * fairShare, `${longest} snapshots, ${fairShare} were fair`)
    assert.ok(longest <= 2 * fairShare + 2, `${longest} snapshots, ${fairShare} were fair`)
  })

  it('is for own entities first', () => {
    const { source, view, tick } = createWorld(200, 64)
    for (let at = 1; at <= 50; at++) {
      tick(at, 150)
      encode(source, view)
      assert.is(view.visible.sentAt[149], at)
    }
  })

  it('is for what has the higher priority more often', () => {
    const { source, view, tick } = createWorld(100, 64)
    const counts = [0, 0]
    for (let at = 1; at <= 400; at++) {
      tick(at)
      encode(source, view, { priorityOf: (slot) => (slot <= 50 ? 4 : 1) })
      for (let place = 0; place < 100; place++)
        if (view.visible.sentAt[place] === at) counts[place < 50 ? 0 : 1]!++
    }
    const ratio = counts[0]! / counts[1]!
    assert.ok(ratio > 2.5 && ratio < 6, String(counts))
  })

  it('has room for one entity, however large it is', () => {
    const { source, view, tick } = createWorld(3, 64)
    view.bytesMax = 18
    for (let at = 1; at <= 3; at++) {
      tick(at)
      encode(source, view)
      assert.is(view.waiting, 2)
    }
    assert.equal(Array.from(view.visible.sentAt.slice(0, 3).sort()), [1, 2, 3])
  })

  it('of a world that is larger is told in several snapshots, the last of them complete', () => {
    const { source, view, tick } = createWorld(300, 200)
    const replicas = createReplicas(world, 8)
    let snapshots = 0
    tick(1)
    for (let at = 2; !replicas.changes.isComplete; at++) {
      beginTick(source, at)
      endTick(source)
      setVisible(
        source,
        view,
        Array.from({ length: 300 }, (_, slot) => slot + 1),
        300,
      )
      assert.is(decodeSnapshot(replicas, encode(source, view), 5), 'ok')
      assert.is(replicas.changes.isComplete, view.waiting === 0)
      snapshots++
    }
    assert.is(replicas.count, 300)
    assert.ok(snapshots > 4 && snapshots < 12, `${snapshots}`)
  })
})
