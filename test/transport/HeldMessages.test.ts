import { type ConnectionEvents, DisconnectReason, MessageType } from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { HeldMessages } from '../../src/transport/HeldMessages.ts'
import { spec } from '../spec.ts'

const { closed, reset } = DisconnectReason

/** Messages of one byte, and what is emitted of them. */
function setUp(onReceived: (held: HeldMessages, byte: number) => void = () => {}) {
  const held = new HeldMessages()
  const log: string[] = []
  const events: ConnectionEvents = {
    opened() {},
    failed() {},
    drained() {},
    alive() {},
    received(bytes, type) {
      log.push(`${bytes[0]}:${type}`)
      onReceived(held, bytes[0]!)
      log.push(`after ${bytes[0]}`)
    },
    ended: (reason) => log.push(`ended ${reason}`),
  }
  const push = (...bytes: number[]): void => {
    for (const byte of bytes) held.push(Uint8Array.of(byte), MessageType.binary)
  }
  return { held, log, events, push }
}

spec('held messages', (it) => {
  it('wait until there is somebody to receive them, and so does the end', () => {
    const { held, log, events, push } = setUp()
    push(1)
    held.end(closed)
    held.deliver()
    assert.is(held.bytes, 1)
    held.events = events
    held.deliver()
    held.deliver()
    assert.equal(log, ['1:1', 'after 1', `ended ${closed}`])
    assert.is(held.bytes, 0)
  })

  it('wait while the receiver is paused, which it can be in the middle of them', () => {
    const { held, log, events, push } = setUp((held, byte) => (held.isPaused = byte === 2))
    held.events = events
    push(1, 2, 3)
    held.end(closed)
    held.deliver()
    assert.equal(log, ['1:1', 'after 1', '2:1', 'after 2'])
    assert.is(held.bytes, 1)
    held.isPaused = false
    held.deliver()
    assert.equal(log.slice(4), ['3:1', 'after 3', `ended ${closed}`])
  })

  it('that a receiver causes follow those that are there', () => {
    const { held, log, events, push } = setUp((held, byte) => {
      if (byte === 1) push(3)
      if (byte === 3) held.end(reset)
      held.deliver()
    })
    held.events = events
    push(1, 2)
    held.deliver()
    const all = ['1:1', 'after 1', '2:1', 'after 2', '3:1', 'after 3', `ended ${reset}`]
    assert.equal(log, all)
  })

  it('are dropped by stop, in the middle of them too', () => {
    const { held, log, events, push } = setUp((held) => held.stop())
    held.events = events
    push(1, 2)
    held.end(closed)
    held.deliver()
    held.deliver()
    assert.equal(log, ['1:1', 'after 1'])
    assert.is(held.stop(), undefined)
  })

  it('are counted; an empty one counts as a byte too', () => {
    const { held, events, push } = setUp()
    for (let index = 0; index < 100; index++) {
      held.push(new Uint8Array(), MessageType.text)
      push(1)
      assert.equal([held.count, held.bytes], [2 * index + 2, 2 * index + 2])
    }
    held.events = { ...events, received: () => (held.isPaused = held.count === 40) }
    held.deliver()
    assert.equal([held.count, held.bytes], [40, 40])
    held.isPaused = false
    held.deliver()
    assert.equal([held.count, held.bytes], [0, 0])
  })

  it('keep their order, however many there are', () => {
    const held = new HeldMessages()
    const received: number[] = []
    const { events } = setUp()
    for (let index = 0; index < 100_000; index++)
      held.push(new Uint8Array(new Uint32Array([index]).buffer), undefined)
    held.events = {
      ...events,
      received(bytes) {
        received.push(new Uint32Array(bytes.buffer)[0]!)
        held.isPaused = received.length % 1000 === 0
      },
    }
    while (held.count > 0) {
      held.isPaused = false
      held.deliver()
    }
    assert.ok(received.every((value, index) => value === index) && received.length === 100_000)
  })

  it('only the first end counts', () => {
    const { held, log, events } = setUp()
    held.events = events
    held.isPaused = true
    held.end(closed)
    held.end(reset)
    held.isPaused = false
    held.deliver()
    assert.equal(log, [`ended ${closed}`])
  })
})
