import * as assert from 'uvu/assert'
import { type BufferMemory, memoryOf } from '../../src/buffer/BufferMemory.ts'
import { MessageType } from '../../src/constants/MessageType.ts'
import { appendMessage, appendToAll, createOutbox, type Outbox } from '../../src/protocol/Outbox.ts'
import {
  createSendQueue,
  flush,
  flushDrained,
  type Sendable,
  type SendQueue,
  sendSoon,
} from '../../src/socket/SendQueue.ts'
import { type Watch } from '../../src/socket/watch.ts'
import { spec } from '../spec.ts'

const message = {
  memory: memoryOf(Uint8Array.of(1, 2, 3)),
  start: 0,
  size: 3,
  form: MessageType.binary,
}

/** Of a size that the pool would keep. */
const large = { ...message, memory: memoryOf(new Uint8Array(4_096)), size: 4_096 }

interface Sender {
  readonly socket: Sendable
  readonly outbox: Outbox
  /** Each write in hex. */
  readonly writes: string[]
  readonly connection: { pendingBytes: number }
}

/** A socket whose connection keeps `pendingBytes` of what it is given. */
function createSender(pendingBytes = 0): Sender {
  const writes: string[] = []
  const outbox = createOutbox(false)
  const connection = {
    pendingBytes,
    write: (bytes: Uint8Array) => void writes.push(Buffer.from(bytes).toString('hex')),
  }
  const counters = { addSent: () => undefined }
  const socket = { outbox, counters, connection } as unknown as Sendable
  return { socket, outbox, writes, connection }
}

function createQueue(isAlive = (): boolean => true): SendQueue {
  const patience = { now: () => 0, hold: () => undefined }
  const watch = { patience, writing: new Map(), unfinished: new Map(), pinged: { all: new Set() } }
  return createSendQueue(watch as unknown as Watch, isAlive)
}

/** Batches that are free again. */
function freeIn({ batches }: SendQueue): BufferMemory[] {
  return batches.classes.flatMap(({ free }) => free)
}

function send(queue: SendQueue, { socket, outbox }: Sender): BufferMemory {
  if (outbox.batch === undefined) sendSoon(queue, socket)
  appendMessage(queue.batches, outbox, message)
  return outbox.batch!
}

spec('a send queue', (it) => {
  it('takes the memory of a write again at once, when all of it has left', () => {
    const queue = createQueue()
    const sender = createSender()
    const batch = send(queue, sender)
    send(queue, sender)
    assert.equal(freeIn(queue), [])
    flush(queue)
    assert.equal(sender.writes, ['010203010203'])
    assert.ok(freeIn(queue)[0] === batch)
    flush(queue)
    assert.is(sender.writes.length, 1)
  })

  it('takes the memory of a write again when the rest of it has left, and sends then what was sent meanwhile', () => {
    const queue = createQueue()
    const sender = createSender(5)
    const batch = send(queue, sender)
    flush(queue)
    send(queue, sender)
    flush(queue)
    assert.equal(sender.writes, ['010203'])
    assert.equal(freeIn(queue), [])
    assert.is(queue.watch.writing.size, 1)
    sender.connection.pendingBytes = 0
    flushDrained(queue, sender.socket)
    assert.equal(sender.writes, ['010203', '010203'])
    assert.ok(freeIn(queue)[0] === batch)
    assert.is(freeIn(queue).length, 2)
    assert.is(queue.watch.writing.size, 0)
  })

  for (const pendingBytes of [0, 5])
    it(`never takes the memory of a shared message, of which ${pendingBytes} bytes wait to leave`, () => {
      const queue = createQueue()
      const senders = [createSender(pendingBytes), createSender(pendingBytes)]
      const made: Outbox[] = []
      for (const { socket, outbox } of senders) {
        sendSoon(queue, socket)
        appendToAll(queue.batches, outbox, large, made)
      }
      flush(queue)
      for (const { socket, connection, outbox, writes } of senders) {
        assert.equal(writes, ['00'.repeat(4_096)])
        connection.pendingBytes = 0
        flushDrained(queue, socket)
        assert.is(outbox.writing, undefined)
      }
      assert.equal(freeIn(queue), [])
    })

  it('holds back what is sent while a shared message is being written', () => {
    const queue = createQueue()
    const sender = createSender(5)
    sendSoon(queue, sender.socket)
    appendToAll(queue.batches, sender.outbox, message, [])
    flush(queue)
    send(queue, sender)
    flush(queue)
    assert.equal(sender.writes, ['010203'])
    flushDrained(queue, sender.socket)
    assert.equal(sender.writes, ['010203', '010203'])
  })

  it('keeps what a socket without a connection has', () => {
    const queue = createQueue()
    const { socket, outbox } = createSender()
    const gone = { ...socket, connection: undefined }
    sendSoon(queue, gone)
    appendMessage(queue.batches, outbox, message)
    flush(queue)
    assert.is(outbox.count, 1)
  })

  it('sends when the running code ends, once; in a tick at its end; never for a world that is gone', async () => {
    let isAlive = true
    const queue = createQueue(() => isAlive)
    const [one, other] = [createSender(), createSender()]
    send(queue, one)
    send(queue, other)
    assert.ok(queue.isFlushScheduled)
    await Promise.resolve()
    assert.not(queue.isFlushScheduled)
    assert.equal([one.writes.length, other.writes.length], [1, 1])
    queue.isInTick = true
    send(queue, one)
    assert.not(queue.isFlushScheduled)
    await Promise.resolve()
    assert.is(one.writes.length, 1)
    flush(queue)
    assert.is(one.writes.length, 2)
    queue.isInTick = false
    send(queue, one)
    isAlive = false
    await Promise.resolve()
    assert.is(one.writes.length, 2)
  })
})
