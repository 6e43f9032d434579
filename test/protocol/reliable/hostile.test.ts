import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { feedReliable, isIdle, nextRunMs } from '../../../src/protocol/reliable/ReliableLink.ts'
import {
  createAck,
  createData,
  fragmentBytes,
  readReliable,
} from '../../../src/protocol/reliable/reliableDatagram.ts'
import { mulberry32 } from '../../lib/random.ts'
import { spec } from '../../spec.ts'
import { createSingle, LinkBench, numbered, upTo } from './LinkBench.ts'
import { Simulation } from './Simulation.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const messageBytesMax = 20 * fragmentBytes

/** A link that counts bytes and checks that its memory is bounded after each datagram. */
class Target extends LinkBench {
  bytesIn = 0
  bytesOut = 0
  datagramsIn = 0
  datagramsOut = 0

  override send(datagram: Uint8Array): void {
    this.bytesOut += datagram.length
    this.datagramsOut++
  }

  override feed(bytes: Uint8Array, nowMs: number, hasRoom = true): void {
    this.bytesIn += bytes.length
    this.datagramsIn++
    const datagram = readReliable(bytes)
    if (datagram !== undefined) feedReliable(this.link, datagram, nowMs, this, hasRoom)
    this.told.length = 0
    this.checkBounds()
  }

  checkBounds(): void {
    const { receiver, formerSessions } = this.link
    assert.ok(formerSessions.length <= 16)
    if (receiver === undefined) return
    assert.ok(receiver.storedBytes <= 2 * messageBytesMax, `${receiver.storedBytes} bytes`)
    assert.ok(receiver.arrived.size < 1_024)
    assert.ok(receiver.messages.size <= 1_024)
    let stored = 0
    for (const message of receiver.messages.values())
      for (const fragment of message.fragments.values()) stored += fragment.length
    assert.is(receiver.storedBytes, stored)
  }
}

/** Fragments of most messages. */
const shape = 15

/** Mostly what an honest peer might send, though seldom what is waited for, and anything that the layout allows. */
function hostileDatagram(random: () => number, target: Target): Uint8Array {
  const any = (count: number): number => Math.floor(random() * count)
  const { receiver, sender } = target.link
  const base = receiver?.base ?? 0
  const session =
    random() < 0.995 ? (receiver?.session ?? any(20)) : random() < 0.5 ? sender.session : any(20)
  const sequence =
    random() < 0.9 ? base + any(random() < 0.3 ? 3 : 1_100) : base - 10 + any(0x1_0000)
  if (random() < 0.1) return createAck(session, sequence & 0xffff, any(0x8000))
  const isHonest = random() < 0.999
  const index = isHonest ? sequence % shape : any(8_192)
  const isLast = isHonest ? index === shape - 1 : random() < 0.5
  const size = isLast || !isHonest ? any(fragmentBytes + 1) : fragmentBytes
  const isOpening = random() < 0.7
  return createData(session, sequence, index, isOpening, isLast, new Uint8Array(size))
}

spec(`hostile peers of reliable UDP (SEED=${seed})`, (it) => {
  it('does not answer random bytes', () => {
    const random = mulberry32(seed)
    const target = new Target()
    for (let count = 0; count < 100_000; count++) {
      const bytes = new Uint8Array(Math.floor(random() * (count % 10 === 0 ? 1_300 : 40)))
      for (let at = 0; at < bytes.length; at++) bytes[at] = random() * 256
      assert.is(readReliable(bytes), undefined)
      target.feed(bytes, count)
    }
    assert.is(nextRunMs(target.link), Infinity)
    assert.is(target.link.receiver, undefined)
    assert.is(target.bytesOut, 0)
  })

  for (const isOrdered of [false, true])
    it(`keeps its memory and answers small, whatever comes, ${isOrdered ? 'in order' : 'unordered'}`, () => {
      const random = mulberry32(seed + Number(isOrdered))
      const target = new Target({ isOrdered, messageBytesMax })
      let nowMs = 0
      let fullest = 0
      for (let count = 0; count < 60_000; count++) {
        target.feed(hostileDatagram(random, target), nowMs, random() < 0.98)
        fullest = Math.max(fullest, target.link.receiver?.storedBytes ?? 0)
        if (random() < 0.2) target.run(nowMs)
        assert.ok(target.bytesOut <= target.bytesIn)
        assert.ok(target.datagramsOut <= target.datagramsIn)
        nowMs += random() * 20
      }
      // The attack has reached what it is meant to reach.
      assert.ok(fullest > messageBytesMax / 2, `only ${fullest} bytes were stored`)
      // An honest peer is served all the same.
      for (let sequence = 0; sequence < 100; sequence++)
        feedReliable(
          target.link,
          readReliable(createSingle(sequence, { session: 0x777, text: sequence }))!,
          nowMs,
          target,
          true,
        )
      assert.equal(
        target.told.slice(-100),
        upTo(100).map((text) => `message of 1, first ${text}`),
      )
    })

  it('answers a datagram with one of 12 bytes at most', () => {
    const random = mulberry32(seed)
    const target = new Target({ messageBytesMax })
    for (let count = 0; count < 20_000; count++) {
      const { bytesOut } = target
      target.feed(hostileDatagram(random, target), count)
      target.run(count)
      assert.ok(target.bytesOut - bytesOut <= 12)
    }
    assert.ok(target.bytesOut > 20_000)
  })

  it('ends with a peer that contradicts itself, and takes its next session', () => {
    const piece = new Uint8Array(fragmentBytes)
    const at = (sequence: number, index: number, isLast = false, size = fragmentBytes) =>
      createData(7, sequence, index, true, isLast, piece.subarray(0, size))
    const contradictions: Record<string, Uint8Array[]> = {
      'a short fragment that is not the last': [at(0, 0, false, fragmentBytes - 1)],
      'an empty fragment that is not the last': [at(0, 0, false, 0)],
      'a message that begins before the session': [at(0, 1)],
      'two last fragments': [at(1, 1, true), at(3, 3, true)],
      'a fragment behind the last': [at(1, 1, true), at(2, 2)],
      'a last fragment before another': [at(5, 5), at(3, 3, true)],
      'a message that never ends before the next': [at(0, 0), at(1, 0)],
      'a message that begins too late': [at(0, 0, true), at(2, 0), at(1, 0)],
      'a message that began before the one before ended': [at(0, 0, true), at(1, 1, true)],
      'messages that overlap, above what is missing': [
        at(4, 0),
        at(5, 0),
        at(0, 0, true),
        at(1, 0, true),
        at(2, 0, true),
        at(3, 0, true),
      ],
    }
    for (const isOrdered of [false, true])
      for (const [title, datagrams] of Object.entries(contradictions)) {
        const bench = new LinkBench({ isOrdered })
        for (const datagram of datagrams) {
          assert.not.ok(bench.told.includes('malformed'), title)
          bench.feed(datagram, 0)
        }
        assert.is(bench.told.filter((told) => told === 'malformed').length, 1, title)
        bench.feed(at(0, 0), 0)
        assert.equal(bench.run(0), [], title)
        assert.ok(isIdle(bench.link), title)
        bench.feed(createSingle(0, { session: 8, text: 1 }), 0)
        assert.is(bench.told.at(-1), 'message of 1, first 1', title)
      }
  })

  it('ends with a peer whose message is above the limit, at the first byte of it', () => {
    const max = 3 * fragmentBytes + 10
    for (const [index, size, told] of [
      [3, 10, []],
      [3, 11, ['tooLarge']],
      [4, 0, ['tooLarge']],
      [1_000, 0, ['tooLarge']],
    ] as const) {
      const bench = new LinkBench({ messageBytesMax: max })
      bench.feed(createData(7, index, index, true, true, new Uint8Array(size)), 0)
      assert.equal(bench.told, told)
      assert.is(bench.run(0).length, told.length === 0 ? 1 : 0)
    }
  })

  it('drops what it sends to a peer that breaks the protocol', () => {
    const simulation = new Simulation({
      seed,
      faults: { loss: 0, duplicate: 0, corrupt: 0, delayMs: 10, jitterMs: 0 },
    })
    const { a, b } = simulation
    simulation.send(a, numbered(1))
    simulation.run(5)
    simulation.arriveAt(a, createData(7, 0, 0, true, false, new Uint8Array(1)))
    assert.equal(
      a.losses.map(({ cause }) => cause),
      ['malformed'],
    )
    assert.ok(isIdle(a.link))
    simulation.run(1_000)
    simulation.send(a, numbered(2))
    simulation.send(b, numbered(3))
    simulation.run(2_000)
    assert.ok(simulation.isIdle)
    assert.equal([a.messages.length, b.messages.length], [1, 2])
  })

  it('never throws, and always comes to rest', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom('data', 'ack', 'send', 'run', 'wait', 'order'),
            fc.nat(3),
            fc.nat(40),
            fc.nat(3),
            fc.nat(7),
            fc.nat(2_500),
          ),
          { maxLength: 60 },
        ),
        (steps) => {
          const target = new Target({ messageBytesMax })
          let nowMs = 0
          for (const [kind, session, sequence, index, flags, size] of steps)
            if (kind === 'wait') nowMs += size * 5
            else if (kind === 'run') target.run(nowMs)
            else if (kind === 'send') target.queue(size)
            else if (kind === 'order') target.link.isOrdered = flags > 3
            else if (kind === 'ack')
              target.feed(createAck(0x100 + session, sequence, flags * 4_000), nowMs)
            else {
              const isLast = (flags & 1) === 1
              const payload = new Uint8Array(isLast ? size % 1_189 : fragmentBytes)
              const isOpening = (flags & 2) === 0
              const bytes = createData(session, sequence, index, isOpening, isLast, payload)
              target.feed(bytes, nowMs, flags < 6)
            }
          // Nobody answers any more: it ends within 20 s, and asks for no more runs.
          const end = nowMs + 40_000
          while (nextRunMs(target.link) <= end) {
            nowMs = Math.max(nowMs, nextRunMs(target.link))
            target.run(nowMs)
          }
          assert.ok(isIdle(target.link))
          assert.is(nextRunMs(target.link), Infinity)
        },
      ),
      { numRuns: 2_000, seed },
    )
  })
})
