import * as assert from 'uvu/assert'
import { isIdle, nextRunMs, setReliableOrder } from '../../../src/protocol/reliable/ReliableLink.ts'
import { createData } from '../../../src/protocol/reliable/reliableDatagram.ts'
import { spec } from '../../spec.ts'
import { createSingle, LinkBench } from './LinkBench.ts'

const fragment = 1_188

spec('receiving by reliable UDP', (it) => {
  it('joins the acknowledgements of what arrives together', () => {
    const bench = new LinkBench()
    for (const sequence of [0, 1, 2, 5, 3]) bench.feed(createSingle(sequence), 0)
    assert.is(nextRunMs(bench.link), -Infinity)
    assert.equal(bench.run(0), [{ kind: 'ack', session: 7, sequence: 5, bits: 0b1_1110 }])
    for (let sequence = 6; sequence < 40; sequence++) bench.feed(createSingle(sequence), 0)
    // The number 4 has not arrived: bit 2 of what answers 7.
    assert.equal(
      bench.run(0).map((sent) => [sent.sequence, sent.kind === 'ack' && sent.bits]),
      [
        [39, 0x7fff],
        [23, 0x7fff],
        [7, 0b111_1011],
      ],
    )
    assert.equal(bench.run(0), [])
  })

  it('acknowledges again what it has, and ignores what is out of its window', () => {
    const bench = new LinkBench()
    const answers = (sequence: number): number => {
      bench.feed(createSingle(sequence), 0)
      return bench.run(0).length
    }
    assert.is(answers(0), 1)
    assert.is(answers(0), 1)
    assert.is(answers(5), 1)
    assert.is(answers(5), 1)
    assert.is(answers(1_024), 1)
    assert.is(answers(1_025), 0)
    assert.is(answers(0x8000), 0)
    // Below 0 there is nothing.
    assert.is(answers(0xffff), 0)
    assert.is(bench.link.receiver!.duplicateDatagrams, 2)
    assert.is(bench.told.length, 3)
  })

  it('takes a number for an old one up to 32,768 below the lowest missing', () => {
    const bench = new LinkBench()
    for (let sequence = 0; sequence < 40_000; sequence++) bench.feed(createSingle(sequence), 0)
    bench.run(0)
    const answers = (sequence: number): number[] => {
      bench.feed(createSingle(sequence), 0)
      return bench.run(0).map((sent) => sent.sequence)
    }
    assert.equal(answers(39_999), [39_999])
    assert.equal(answers(40_000 - 32_768), [40_000 - 32_768])
    assert.equal(answers(40_000 - 32_769), [])
    assert.is(bench.told.length, 40_000)
  })

  it('takes an unknown session only when it opens, and no session that is over', () => {
    const bench = new LinkBench()
    bench.feed(createData(7, 0, 0, false, true, Uint8Array.of(1)), 0)
    assert.equal([bench.told.length, bench.run(0).length], [0, 0])
    bench.feed(createSingle(0, { session: 7 }), 0)
    bench.feed(createData(7, 1, 0, false, true, Uint8Array.of(1)), 0)
    assert.is(bench.told.length, 2)
    // 16 other sessions follow, and none of those before means anything any more.
    for (let session = 8; session < 24; session++) {
      bench.feed(createSingle(0, { session }), 0)
      bench.run(0)
      assert.is(bench.told.length, session - 5)
      for (let former = 7; former < session; former++)
        bench.feed(createSingle(1, { session: former }), 0)
      assert.is(bench.run(0).length, 0)
      assert.is(bench.told.length, session - 5)
    }
  })

  it('acknowledges nothing of a message that finds no memory, but always goes on', () => {
    for (const isOrdered of [false, true]) {
      const max = 10 * fragment
      const bench = new LinkBench({ messageBytesMax: max, isOrdered })
      const piece = new Uint8Array(fragment)
      // Ten fragments of the second message, with the first message missing, and one of the third.
      for (let index = 0; index < 9; index++)
        bench.feed(createData(7, 10 + index, index, true, false, piece), 0)
      bench.feed(createData(7, 30, 0, true, false, piece), 0)
      assert.is(bench.link.receiver!.storedBytes, max)
      bench.run(0)
      bench.feed(createData(7, 31, 1, true, false, piece), 0)
      assert.equal(bench.run(0), [])
      assert.is(bench.link.receiver!.storedBytes, max)
      // The message at the base has room, however large.
      for (let index = 0; index < 10; index++)
        bench.feed(createData(7, index, index, true, index === 9, piece), 0)
      bench.feed(createData(7, 19, 9, true, true, piece), 0)
      assert.equal(bench.told, [`message of ${max}, first 0`, `message of ${max}, first 0`])
      assert.is(bench.link.receiver!.storedBytes, fragment)
    }
  })

  it('refuses at once a message that begins inside the one that is unfinished', () => {
    for (const index of [1, 2]) {
      const bench = new LinkBench()
      const piece = new Uint8Array(fragment)
      for (const sequence of [0, 1])
        bench.feed(createData(7, sequence, sequence, true, false, piece), 0)
      bench.feed(createData(7, 3, index, true, true, piece), 0)
      assert.equal(bench.told, ['malformed'], `index ${index}`)
    }
  })

  it('gives up a peer that has sent half a message and is silent for 20 s', () => {
    const bench = new LinkBench()
    bench.feed(createData(7, 0, 0, true, false, new Uint8Array(fragment)), 100)
    bench.run(100)
    assert.not.ok(isIdle(bench.link))
    assert.is(nextRunMs(bench.link), 20_100)
    bench.run(20_100)
    assert.ok(isIdle(bench.link))
    assert.equal([bench.told, nextRunMs(bench.link)], [['timedOut'], Infinity])
    // That session is over.
    bench.feed(createData(7, 1, 1, true, true, new Uint8Array(1)), 20_200)
    assert.equal(bench.run(20_200), [])
  })

  it('gives up a peer that sends but never what is waited for', () => {
    const bench = new LinkBench({ isOrdered: true })
    bench.feed(createSingle(0), 0)
    for (let nowMs = 1_000; nowMs < 21_000; nowMs += 500) {
      bench.feed(createSingle(1 + nowMs / 500), nowMs)
      bench.run(nowMs)
    }
    assert.equal(bench.told, ['message of 0, first undefined'])
    bench.run(21_000)
    assert.equal(bench.told, ['message of 0, first undefined', 'timedOut'])
    assert.ok(isIdle(bench.link))
  })

  it('goes on with the session of a peer that sends but does not answer', () => {
    for (const [heardMs, messages] of [
      [5_001, 1],
      [5_000, 0],
    ]) {
      const bench = new LinkBench()
      bench.queue(1)
      bench.run(0)
      bench.feed(createData(7, 0, 0, true, false, new Uint8Array(fragment)), heardMs!)
      bench.run(10_000)
      assert.equal(bench.told, ['timedOut'])
      bench.feed(createData(7, 1, 1, true, true, new Uint8Array(1)), 10_100)
      assert.is(bench.told.length, 1 + messages!)
    }
  })

  it('does not give up a peer while it has no room itself', () => {
    const bench = new LinkBench({ isOrdered: true })
    bench.feed(createSingle(1), 0)
    for (let nowMs = 0; nowMs < 60_000; nowMs += 500) {
      bench.feed(createSingle(0), nowMs, false)
      bench.run(nowMs)
    }
    bench.feed(createSingle(0), 60_000)
    assert.is(bench.told.length, 2)
  })

  it('hands out what waits for its turn when the order is switched off', () => {
    const bench = new LinkBench({ isOrdered: true })
    for (const sequence of [1, 2, 4]) bench.feed(createSingle(sequence, { text: sequence }), 0)
    assert.equal(bench.told, [])
    setReliableOrder(bench.link, false, bench)
    assert.equal(
      bench.told,
      [1, 2, 4].map((text) => `message of 1, first ${text}`),
    )
    setReliableOrder(bench.link, true, bench)
    for (const sequence of [0, 3]) bench.feed(createSingle(sequence, { text: sequence }), 0)
    assert.equal(bench.told.slice(3), ['message of 1, first 0', 'message of 1, first 3'])
    assert.ok(bench.link.receiver!.storedBytes === 0)
  })

  it('hands out nothing when the order stays on, or nothing has come', () => {
    const bench = new LinkBench({ isOrdered: true })
    for (const isOrdered of [false, true]) setReliableOrder(bench.link, isOrdered, bench)
    bench.feed(createSingle(1), 0)
    setReliableOrder(bench.link, true, bench)
    assert.equal(bench.told, [])
  })

  it('is idle when it has acknowledged what came', () => {
    const bench = new LinkBench()
    bench.feed(createSingle(0), 0)
    assert.not(isIdle(bench.link))
    bench.run(0)
    assert.ok(isIdle(bench.link))
  })

  it('has heard its peer never until something of it comes', () => {
    const { link } = new LinkBench()
    assert.is(link.lastHeardMs, -Infinity)
  })

  it('holds the address of a peer for proved until it is silent, whatever it sends', () => {
    const bench = new LinkBench()
    const { link } = bench
    bench.queue(1)
    bench.run(0)
    assert.not(link.isProved)
    bench.acknowledge(0, 0, 1)
    bench.feed(createData(7, 0, 0, true, false, new Uint8Array(1)), 2)
    assert.equal(bench.told, ['malformed'])
    assert.ok(link.isProved)
    bench.queue(1)
    bench.run(10)
    bench.run(10_010)
    assert.equal(bench.told, ['malformed', 'timedOut'])
    assert.not(link.isProved)
  })
})
