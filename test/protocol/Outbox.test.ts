// Messages that go to several connections share their bytes. Whatever else the connections send, each must send the bytes
// that it would alone.

import * as fc from 'fast-check'
import { MessageType } from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { createBatchPool, returnBatch } from '../../src/buffer/BatchPool.ts'
import { memoryOf } from '../../src/buffer/BufferMemory.ts'
import { type Message } from '../../src/protocol/messageToSend.ts'
import {
  appendMessage,
  appendToAll,
  clearOutbox,
  createOutbox,
  type Outbox,
  queuedBytes,
  useFraming,
} from '../../src/protocol/Outbox.ts'
import { WebSocketFraming } from '../../src/protocol/webSocket/WebSocketFraming.ts'
import { spec } from '../spec.ts'

const ofServers = new WebSocketFraming()
const ofClients = new WebSocketFraming(() => 0x0102_0304)

/** Two outboxes of each kind: streams, WebSockets of servers and of clients, transports that frame by themselves. */
function createOutboxes(): Outbox[] {
  return [undefined, ofServers, ofClients, 'limits'].flatMap((kind) =>
    [0, 1].map(() => {
      const outbox = createOutbox(kind !== undefined)
      if (typeof kind === 'object') useFraming(outbox, kind)
      return outbox
    }),
  )
}

function messageOf(size: number, fill: number, form: Message['form']): Message {
  const bytes = new Uint8Array(size + 2).fill(fill)
  return { memory: memoryOf(bytes), start: 1, size, form }
}

/** What an outbox hands over, as the send queue asks for it. */
function handOver(outbox: Outbox): unknown {
  const { batch, used, size, count, messages, isShared } = outbox
  const queued = queuedBytes(outbox)
  const bytes = isShared ? batch!.bytes : batch?.bytes.subarray(0, used)
  return { hex: bytes && Buffer.from(bytes).toString('hex'), size, count, messages, queued }
}

const message = fc.record({
  size: fc.oneof(fc.nat(140), fc.constantFrom(4_080, 4_096, 70_000)),
  fill: fc.integer({ min: 1, max: 127 }),
  form: fc.constantFrom<Message['form']>('packet', MessageType.binary, MessageType.text),
  /** The outboxes that it goes to. */
  to: fc.subarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
  isAlone: fc.boolean(),
})

spec('an outbox', (it) => {
  it('hands over what it would if every message were its own', () => {
    fc.assert(
      fc.property(fc.array(fc.array(message, { maxLength: 6 }), { maxLength: 4 }), (ticks) => {
        const pool = createBatchPool()
        const outboxes = createOutboxes()
        for (const tick of ticks) {
          const alone = createOutboxes()
          for (const { size, fill, form, to, isAlone } of tick) {
            const sent = messageOf(size, fill, form)
            const made: Outbox[] = []
            for (const index of to) {
              if (isAlone) appendMessage(pool, outboxes[index]!, sent)
              else appendToAll(pool, outboxes[index]!, sent, made)
              appendMessage(createBatchPool(), alone[index]!, sent)
            }
            // Who sent it may use its memory again at once.
            sent.memory.bytes.fill(0)
          }
          assert.equal(outboxes.map(handOver), alone.map(handOver))
          for (const outbox of outboxes) {
            const { batch, isShared } = outbox
            clearOutbox(outbox)
            if (isShared || batch === undefined) continue
            batch.bytes.fill(0xee)
            returnBatch(pool, batch)
          }
        }
      }),
    )
  })

  it('frames a message in front of it', () => {
    const outbox = createOutbox(true)
    useFraming(outbox, ofServers)
    appendMessage(createBatchPool(), outbox, messageOf(2, 7, MessageType.binary))
    assert.is(Buffer.from(outbox.batch!.bytes.subarray(0, outbox.used)).toString('hex'), '82020707')
  })

  it('sends text to all that is not UTF-8, and so becomes longer', () => {
    const made: Outbox[] = []
    const text = messageOf(64, 0xff, MessageType.text)
    const [outboxes, alone] = [createOutboxes(), createOutboxes()]
    for (const outbox of outboxes) appendToAll(createBatchPool(), outbox, text, made)
    for (const outbox of alone) appendMessage(createBatchPool(), outbox, text)
    assert.equal(outboxes.map(handOver), alone.map(handOver))
  })

  it('shares the bytes of a message to all, where they are the same', () => {
    const pool = createBatchPool()
    const outboxes = createOutboxes()
    const made: Outbox[] = []
    for (const outbox of outboxes) appendToAll(pool, outbox, messageOf(64, 7, 'packet'), made)
    assert.is(made.length, 2)
    assert.equal(
      outboxes.map(({ isShared }) => isShared),
      [true, true, true, true, false, false, false, false],
    )
    assert.is(outboxes[0]!.batch, outboxes[1]!.batch)
    assert.is(outboxes[2]!.batch, outboxes[3]!.batch)
  })
})
