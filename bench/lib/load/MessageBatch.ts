// The messages one client has in flight: what it sends and, byte for byte, what must come back.
//
//   payload  0 u32 client number | 4 u32 message counter | 8 … filling that depends on client and place
//
// Both sides are built once; the next batch is made by writing the counters. Replies come in order, so
// what arrives is compared with the awaited bytes by one native compare per chunk: every byte is checked, no
// message is cut out, and the generator stays cheaper than the servers. A mix-up of clients shows in
// the client number and the filling; a lost, doubled or reordered message shows in the counter.
import { type Wire } from '../Wire.ts'

/** Every byte a client sends and awaits. */
export interface MessageBatch {
  wire: Wire
  /** Messages in the batch. */
  size: number
  requests: Buffer
  requestView: DataView
  replies: Buffer
  replyView: DataView
  /** Messages written so far, in all batches; the next counter. */
  written: number
  /** Bytes of `replies` that have not come yet. */
  awaitedBytes: number
}

/** Makes the messages of one client but for their counters; nothing is awaited yet. */
export function createMessageBatch(
  wire: Wire,
  client: number,
  size: number,
  payloadBytes: number,
): MessageBatch {
  const requests = Buffer.alloc(wire.requestBytes * size)
  const replies = Buffer.alloc(wire.replyBytes * size)
  const requestView = new DataView(requests.buffer, requests.byteOffset, requests.length)
  const replyView = new DataView(replies.buffer, replies.byteOffset, replies.length)
  for (let index = 0; index < size; index++) {
    const requestAt = index * wire.requestBytes
    const replyAt = index * wire.replyBytes
    wire.writeRequest(requestView, requestAt)
    wire.writeReply(replyView, replyAt)
    for (let at = 0; at < payloadBytes; at += 4) {
      const word = at === 0 ? client : Math.imul(client + 1, 0x9e3779b1) + Math.imul(at, 0x85ebca6b)
      requestView.setUint32(requestAt + wire.requestPayloadAt + at, word ^ wire.mask, true)
      replyView.setUint32(replyAt + wire.replyPayloadAt + at, word, true)
    }
  }
  return { wire, size, requests, requestView, replies, replyView, written: 0, awaitedBytes: 0 }
}

/** Numbers the next batch, which is to be sent whole; all replies to the last one must have come. */
export function nextBatch(batch: MessageBatch): Buffer {
  const { wire, size, requestView, replyView } = batch
  let requestAt = wire.requestPayloadAt + 4
  let replyAt = wire.replyPayloadAt + 4
  for (let index = 0; index < size; index++) {
    const counter = batch.written++
    requestView.setUint32(requestAt, counter ^ wire.mask, true)
    replyView.setUint32(replyAt, counter, true)
    requestAt += wire.requestBytes
    replyAt += wire.replyBytes
  }
  batch.awaitedBytes = batch.replies.length
  return batch.requests
}

/** Compares what arrived with what must come; throws on a wrong byte or one too many. */
export function checkReplies(batch: MessageBatch, chunk: Buffer, start: number, end: number): void {
  const { replies, awaitedBytes } = batch
  const bytes = end - start
  if (bytes > awaitedBytes)
    throw new Error(`${bytes - awaitedBytes} bytes came that nobody asked for`)
  const at = replies.length - awaitedBytes
  if (chunk.compare(replies, at, at + bytes, start, end) !== 0)
    throw new Error(describeDifference(batch, chunk.subarray(start, end), at))
  batch.awaitedBytes -= bytes
}

/** Whole replies received so far, in all batches. */
export function countReceived({ wire, written, awaitedBytes }: MessageBatch): number {
  return written - Math.ceil(awaitedBytes / wire.replyBytes)
}

function describeDifference({ wire, replies }: MessageBatch, chunk: Buffer, at: number): string {
  let offset = 0
  while (offset < chunk.length && chunk[offset] === replies[at + offset]) offset++
  const place = (at + offset) % wire.replyBytes
  // From the start of the reply if it came in this chunk, to its end.
  const start = Math.max(0, offset - place)
  const end = Math.min(chunk.length, offset - place + wire.replyBytes)
  const expected = replies.toString('hex', at + start, at + end)
  return `wrong byte at ${place} of a reply: expected ${expected}, got ${chunk.toString('hex', start, end)}`
}
