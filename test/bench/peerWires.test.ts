import * as assert from 'uvu/assert'
import { createColyseusWire } from '../../bench/lib/colyseusWire.ts'
import { createMessageBatch, nextBatch } from '../../bench/lib/load/MessageBatch.ts'
import { createSocketIoWire } from '../../bench/lib/socketIoWire.ts'
import { type Wire } from '../../bench/lib/Wire.ts'
import { spec } from '../spec.ts'

spec('the wires of other servers', (it) => {
  for (const [name, wire] of [
    ['Colyseus', createColyseusWire(16)],
    ['Socket.IO', createSocketIoWire(16)],
  ] as const)
    it(`${name} :: a reply has the bytes of its request, which is masked`, () => {
      const batch = createMessageBatch(wire, 3, 2, 16)
      nextBatch(batch)
      assert.equal(unmasked(batch.requests), batch.replies)
      assert.is(batch.requests.length, 2 * wire.requestBytes)
    })

  it('Colyseus :: a message has its code and type before it', () => {
    const [header, code, type] = [0x12, 17, 5]
    assert.is(replyHead(createColyseusWire(16)), hex(0x82, header, code, type))
  })

  it('Socket.IO :: an event comes before its binary argument', () => {
    const event = '451-["m",{"_placeholder":true,"num":0}]'
    const text = hex(0x81, event.length) + Buffer.from(event).toString('hex')
    assert.is(replyHead(createSocketIoWire(16)), text + hex(0x82, 16))
  })
})

/** The frames as a server sends them. */
function unmasked(frames: Buffer): Buffer {
  const out: Uint8Array[] = []
  for (let at = 0; at < frames.length;) {
    const length = frames[at + 1]! & 0x7f
    const mask = frames.subarray(at + 2, at + 6)
    const payload = frames.subarray(at + 6, at + 6 + length)
    out.push(
      Buffer.from([frames[at]!, length]),
      payload.map((byte, index) => byte ^ mask[index % 4]!),
    )
    at += 6 + length
  }
  return Buffer.concat(out)
}

function replyHead(wire: Wire): string {
  const reply = Buffer.alloc(wire.replyBytes)
  wire.writeReply(new DataView(reply.buffer, reply.byteOffset), 0)
  return reply.toString('hex', 0, wire.replyPayloadAt)
}

function hex(...bytes: readonly number[]): string {
  return Buffer.from(bytes).toString('hex')
}
