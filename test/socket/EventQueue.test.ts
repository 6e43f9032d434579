import * as assert from 'uvu/assert'
import { memoryOf } from '../../src/buffer/BufferMemory.ts'
import { DisconnectReason } from '../../src/constants/DisconnectReason.ts'
import { type Arrival, createDataArrival, createStateArrival } from '../../src/event/Arrival.ts'
import { createEventQueue, cutOff, queueArrival, unqueue } from '../../src/event/EventQueue.ts'
import { type EventSocket } from '../../src/event/EventSocket.ts'
import { writeHeader } from '../../src/protocol/packetHeader.ts'
import { spec } from '../spec.ts'

const source = { entity: 1, ip: '::1', port: 1, server: undefined }

function createSocket(): EventSocket {
  return {
    ...source,
    kind: 'connection',
    isDestroyed: false,
    isGone: false,
    queued: { count: 0, bytes: 0, tick: 0, taken: 0 },
    subscribers: { list: [], version: 0 },
  }
}

/** `count` packets with a payload of 3 bytes each, behind 100 bytes of others. */
function packets(socket: EventSocket, count: number): Arrival & { readonly kind: 'packets' } {
  const memory = memoryOf(new Uint8Array(100 + 15 * count))
  for (let index = 0; index < count; index++) writeHeader(memory.view, 100 + 15 * index, 3)
  const end = memory.bytes.length
  return createDataArrival(socket, source, 'packets', memory, 100, end, count, 0) as Arrival & {
    readonly kind: 'packets'
  }
}

spec('an event queue', (it) => {
  it('counts events, sockets and bytes that wait, and 128 bytes more for each message', () => {
    const queue = createEventQueue(() => undefined)
    const [one, other] = [createSocket(), createSocket()]
    const arrivals = [
      packets(one, 4),
      createStateArrival(one, source, 'disconnect', 0, DisconnectReason.closed),
      packets(other, 1),
    ]
    const counted = (): number[] => [
      queue.waitingEvents,
      queue.waitingSockets,
      one.queued.count,
      one.queued.bytes,
      other.queued.count,
      other.queued.bytes,
    ]
    const steps = arrivals.map((arrival) => {
      queueArrival(queue, arrival)
      return counted()
    })
    assert.equal(steps, [
      [4, 1, 4, 4 * (15 + 128), 0, 0],
      [5, 1, 5, 4 * (15 + 128), 0, 0],
      [6, 2, 5, 4 * (15 + 128), 1, 15 + 128],
    ])
    const back = arrivals.map((arrival) => {
      unqueue(queue, arrival)
      return counted()
    })
    assert.equal(back, [
      [2, 2, 1, 0, 1, 15 + 128],
      [1, 1, 0, 0, 1, 15 + 128],
      [0, 0, 0, 0, 0, 0],
    ])
  })

  it('calls back whenever events begin to wait, and only then', () => {
    let calls = 0
    const queue = createEventQueue(() => calls++)
    const arrival = packets(createSocket(), 2)
    queueArrival(queue, arrival)
    queueArrival(queue, packets(createSocket(), 1))
    assert.is(calls, 1)
    for (const waiting of queue.arrivals) unqueue(queue, waiting)
    assert.is(calls, 1)
    queueArrival(queue, arrival)
    assert.is(calls, 2)
  })

  it('cuts the first messages off an arrival, and leaves the others where they are', () => {
    const arrival = packets(createSocket(), 5)
    const first = cutOff(arrival, 2)
    assert.equal([first.at, first.end, first.count], [100, 130, 2])
    assert.equal([arrival.at, arrival.end, arrival.count], [130, 175, 3])
  })
})
