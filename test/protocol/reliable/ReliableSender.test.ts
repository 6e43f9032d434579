import * as assert from 'uvu/assert'
import {
  hasSent,
  isIdle,
  nextRunMs,
  sendReliable,
} from '../../../src/protocol/reliable/ReliableLink.ts'
import { createAck } from '../../../src/protocol/reliable/reliableDatagram.ts'
import { spec } from '../../spec.ts'
import { createSingle, LinkBench, numbered, upTo } from './LinkBench.ts'

const fragment = 1_188

spec('sending by reliable UDP', (it) => {
  it('sends again after 500 ms until it has measured, then after 1.5 round trips, 200 to 500 ms', () => {
    // What a round trip of so many milliseconds leads to.
    for (const [tripMs, resendMs] of [
      [undefined, 500],
      [1, 200],
      [100, 200],
      [200, 300],
      [300, 450],
      [400, 500],
    ] as const) {
      const bench = new LinkBench()
      let nowMs = 1_000
      if (tripMs !== undefined) {
        sendReliable(bench.link, numbered(0))
        bench.run(nowMs)
        nowMs += tripMs
        bench.acknowledge(0, 0, nowMs)
      }
      sendReliable(bench.link, numbered(1))
      assert.is(nextRunMs(bench.link), -Infinity)
      assert.is(bench.run(nowMs).length, 1)
      for (let tries = 0; tries < 3; tries++) {
        assert.is(nextRunMs(bench.link), nowMs + resendMs, `round trip ${tripMs}`)
        assert.is(bench.run(nowMs + resendMs - 0.1).length, 0)
        nowMs += resendMs
        assert.is(bench.run(nowMs).length, 1)
      }
      assert.is(bench.link.sender.resentDatagrams, 3)
    }
  })

  it('sends a few oftener when nothing has been acknowledged for 2 s, but not many', () => {
    for (const [count, laterMs] of [
      [1, 200],
      [4, 200],
      [5, 500],
    ] as const) {
      const bench = new LinkBench()
      for (let number = 0; number < count; number++) sendReliable(bench.link, numbered(number))
      bench.run(0)
      const intervals: number[] = []
      for (let nowMs = 0; nowMs < 5_000;) {
        const nextMs = nextRunMs(bench.link)
        intervals.push(nextMs - nowMs)
        nowMs = nextMs
        assert.is(bench.run(nowMs).length, count)
      }
      assert.equal(intervals.slice(0, 4), [500, 500, 500, 500])
      assert.ok(
        intervals.slice(4).every((each) => each === laterMs),
        String(intervals),
      )
    }
  })

  it('smooths the round trip by an eighth and measures nothing that was sent twice', () => {
    const bench = new LinkBench()
    const { link } = bench
    const trip = (sequence: number, sentMs: number, ackMs: number): void => {
      sendReliable(link, numbered(sequence))
      bench.run(sentMs)
      bench.acknowledge(sequence, sequence, ackMs)
    }
    trip(0, 0, 80)
    assert.is(link.sender.roundTripMs, 80)
    trip(1, 1_000, 1_160)
    assert.is(link.sender.roundTripMs, 90)
    sendReliable(link, numbered(2))
    bench.run(2_000)
    bench.run(2_400)
    bench.acknowledge(2, 2, 2_401)
    assert.is(link.sender.roundTripMs, 90)
    assert.ok(isIdle(link))
  })

  it('has at most 256 datagrams on their way', () => {
    const bench = new LinkBench()
    for (let number = 0; number < 300; number++) sendReliable(bench.link, numbered(number))
    const sent: number[] = []
    for (let nowMs = 0; nowMs < 10; nowMs++)
      sent.push(...bench.run(nowMs).map(({ sequence }) => sequence))
    assert.equal(sent, upTo(256))
    assert.is(nextRunMs(bench.link), 500)
    bench.acknowledge(100, 109, 10)
    assert.is(nextRunMs(bench.link), -Infinity)
    assert.equal(
      bench.run(10).map(({ sequence }) => sequence),
      [256, 257, 258, 259, 260, 261, 262, 263, 264, 265],
    )
  })

  it('sends at most 64 new datagrams in a millisecond', () => {
    const bench = new LinkBench()
    for (let number = 0; number < 200; number++) sendReliable(bench.link, numbered(number))
    assert.is(bench.run(5).length, 64)
    assert.is(nextRunMs(bench.link), 6)
    assert.is(bench.run(5.5).length, 0)
    assert.is(bench.run(6).length, 64)
    assert.is(bench.run(100).length, 64)
    assert.is(bench.run(101).length, 8)
  })

  it('sends again after 10 ms what a datagram that was sent later has overtaken', () => {
    const bench = new LinkBench()
    for (const nowMs of [0, 2]) {
      sendReliable(bench.link, numbered(0))
      bench.run(nowMs)
    }
    assert.is(nextRunMs(bench.link), 500)
    bench.acknowledge(1, 1, 4)
    assert.is(nextRunMs(bench.link), 10)
    assert.equal(
      bench.run(10).map(({ sequence }) => sequence),
      [0],
    )
    assert.is(nextRunMs(bench.link), 210)
  })

  it('does not take what left in the same millisecond for overtaken', () => {
    const bench = new LinkBench()
    for (const number of [0, 1]) sendReliable(bench.link, numbered(number))
    bench.run(0)
    bench.acknowledge(1, 1, 4)
    assert.is(nextRunMs(bench.link), 200)
  })

  it('marks as a repeat what it sends again, and nothing else', () => {
    const bench = new LinkBench()
    bench.feed(createSingle(0), 0)
    bench.queue(1)
    assert.equal(
      bench.run(0).map(({ kind }) => kind),
      ['ack', 'data'],
    )
    bench.run(500)
    assert.equal(bench.repeats, [false, false, true])
  })

  it('sends nothing that is 1,024 or more above the lowest on its way', () => {
    const bench = new LinkBench()
    for (let number = 0; number < 3_000; number++) sendReliable(bench.link, numbered(number))
    let highest = 0
    for (let nowMs = 0; nowMs < 100; nowMs++)
      for (const { sequence } of bench.run(nowMs)) {
        highest = Math.max(highest, sequence)
        if (sequence !== 0) bench.acknowledge(sequence, sequence, nowMs)
      }
    assert.is(highest, 1_023)
    bench.acknowledge(0, 0, 100)
    assert.is(bench.run(100).length, 64)
  })

  it('cuts messages, marks the last fragment, and all before the first acknowledgement as opening', () => {
    const bench = new LinkBench()
    for (const size of [0, 1, fragment, fragment + 1, 3 * fragment])
      sendReliable(bench.link, new Uint8Array(size))
    const shape = bench
      .run(0)
      .map((sent) =>
        sent.kind === 'data'
          ? [sent.sequence, sent.index, sent.isLast, sent.isOpening, sent.payload.length]
          : [],
      )
    assert.equal(shape, [
      [0, 0, true, true, 0],
      [1, 0, true, true, 1],
      [2, 0, true, true, fragment],
      [3, 0, false, true, fragment],
      [4, 1, true, true, 1],
      [5, 0, false, true, fragment],
      [6, 1, false, true, fragment],
      [7, 2, true, true, fragment],
    ])
    // The first acknowledgement ends the opening, for what is sent again too.
    bench.acknowledge(3, 3, 10)
    sendReliable(bench.link, new Uint8Array(5))
    const after = [...bench.run(10), ...bench.run(600)]
    assert.is(after.length, 1 + 8)
    assert.ok(after.every((sent) => sent.kind === 'data' && !sent.isOpening))
  })

  it('repeats with the mark "opening" until the first answer, and without it from then on', () => {
    const bench = new LinkBench()
    const marks = (nowMs: number): unknown[] =>
      bench.run(nowMs).map((sent) => sent.kind === 'data' && sent.isOpening)
    for (let count = 0; count < 3; count++) bench.queue(1)
    assert.equal(marks(0), [true, true, true])
    assert.equal(marks(500), [true, true, true])
    bench.acknowledge(0, 0, 600)
    bench.queue(1)
    assert.equal(marks(600), [false])
    assert.equal(marks(5_000), [false, false, false])
    assert.equal(marks(9_000), [false, false, false])
  })

  it('has sent something from the queueing of a message to its acknowledgement', () => {
    const bench = new LinkBench()
    assert.not(hasSent(bench.link))
    bench.queue(1)
    assert.ok(hasSent(bench.link))
    bench.run(0)
    assert.ok(hasSent(bench.link))
    bench.acknowledge(0, 0, 10)
    assert.not(hasSent(bench.link))
  })

  it('takes one message of any allowed size, and then what has room', () => {
    const bench = new LinkBench({ messageBytesMax: 10_000, sendQueueBytesMax: 1_500 })
    const send = (size: number): string => sendReliable(bench.link, new Uint8Array(size))
    assert.is(send(10_001), 'tooLarge')
    assert.is(send(10_000), 'taken')
    assert.is(send(0), 'full')
    bench.run(0)
    // 256 bytes more are counted for each message.
    assert.is(send(600), 'taken')
    assert.is(send(389), 'full')
    assert.is(send(388), 'taken')
    assert.is(send(0), 'full')
    bench.run(0)
    let empty = 0
    while (send(0) === 'taken') empty++
    assert.is(empty, 5)
  })

  it('takes acknowledgements of its session only, and any of them twice', () => {
    const bench = new LinkBench()
    sendReliable(bench.link, numbered(0))
    bench.run(0)
    bench.feed(createAck(0x999, 0, 0x7fff), 1)
    assert.not.ok(isIdle(bench.link))
    // Numbers that were never sent.
    bench.feed(createAck(0x100, 40_000, 0), 1)
    assert.not.ok(isIdle(bench.link))
    bench.feed(createAck(0x100, 3, 0b100), 1)
    assert.ok(isIdle(bench.link))
    bench.feed(createAck(0x100, 0, 0), 1)
    assert.ok(isIdle(bench.link))
    assert.is(nextRunMs(bench.link), Infinity)
  })

  it('begins a new session after 10 s without a word, with all that waits', () => {
    const bench = new LinkBench()
    sendReliable(bench.link, numbered(0))
    bench.run(0)
    bench.acknowledge(0, 0, 10)
    sendReliable(bench.link, numbered(1))
    const before = bench.run(10_009)[0]!
    assert.equal([before.session, before.sequence], [0x100, 1])
    bench.acknowledge(1, 1, 10_020)
    sendReliable(bench.link, numbered(2))
    sendReliable(bench.link, numbered(3))
    const after = bench
      .run(20_020)
      .map((sent) => [sent.session, sent.sequence, sent.kind === 'data' && sent.isOpening])
    assert.equal(after, [
      [0x101, 0, true],
      [0x101, 1, true],
    ])
    bench.acknowledge(0, 1, 20_030)
    assert.ok(isIdle(bench.link))
    assert.equal(bench.told, [])
  })

  it('sends each datagram again at its own time', () => {
    const bench = new LinkBench()
    const sentAt = (nowMs: number): number[] => bench.run(nowMs).map(({ sequence }) => sequence)
    sendReliable(bench.link, numbered(0))
    assert.equal(sentAt(0), [0])
    sendReliable(bench.link, numbered(1))
    assert.equal(sentAt(100), [1])
    assert.equal(sentAt(500), [0])
    assert.equal(sentAt(600), [1])
    assert.equal(sentAt(999), [])
    assert.equal(sentAt(1_100), [0, 1])
  })

  it('stays in its session in the middle of a message', () => {
    const bench = new LinkBench()
    sendReliable(bench.link, new Uint8Array(300 * fragment))
    for (let sent = 0; sent < 256;) sent += bench.run(sent).length
    bench.acknowledge(0, 255, 1_000)
    const later = bench.run(20_000)
    assert.equal([later[0]!.session, later[0]!.sequence], [0x100, 256])
  })

  it('sends 200,000 queued messages in little time', () => {
    const bench = new LinkBench({ sendQueueBytesMax: 1 << 26 })
    const empty = new Uint8Array(0)
    const start = performance.now()
    for (let count = 0; count < 200_000; count++)
      assert.is(sendReliable(bench.link, empty), 'taken')
    for (let sent = 0, nowMs = 0; sent < 200_000; nowMs++) {
      const count = bench.run(nowMs).length
      bench.acknowledge(sent, sent + count - 1, nowMs)
      sent += count
    }
    assert.ok(isIdle(bench.link))
    // It takes 0.5 s; an array that is cut for each message takes minutes.
    assert.ok(performance.now() - start < 10_000)
  })
})
