import { createHash } from 'node:crypto'
import * as assert from 'uvu/assert'
import { createWebSocketPacketWire } from '../../bench/lib/webSocketPacketWire.ts'
import { spec } from '../spec.ts'

// Bytes by docs/protocol.md and RFC 6455 section 5.2.
const header = 'dec0adde0c00000004000000'

spec('createWebSocketPacketWire', (it) => {
  it('a reply is a binary message with one packet', () => {
    const wire = createWebSocketPacketWire(4)
    const reply = Buffer.alloc(wire.replyBytes)
    wire.writeReply(new DataView(reply.buffer, reply.byteOffset), 0)
    assert.is(reply.toString('hex'), `8210${header}00000000`)
    assert.is(wire.replyPayloadAt, 14)
  })

  it('a request is masked, but for the payload, which is the caller’s', () => {
    const wire = createWebSocketPacketWire(4)
    const request = Buffer.alloc(wire.requestBytes)
    wire.writeRequest(new DataView(request.buffer, request.byteOffset), 0)
    assert.is(request.toString('hex', 0, 2), '8290')
    assert.is(unmasked(request.subarray(0, 18)), header)
    assert.is(wire.requestPayloadAt, 18)
  })

  it('the opening is the upgrade, then the greeting, its answer and the welcome', () => {
    const opening = createWebSocketPacketWire(4).createOpening()
    const request = opening.first?.toString('latin1') ?? ''
    const key = /^Sec-WebSocket-Key: (.*)$/m.exec(request)?.[1]?.trim() ?? ''
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    const upgrade = `HTTP/1.1 101 x\r\nSec-WebSocket-Accept: ${accept.digest('base64')}\r\n\r\n`
    const greeting = Buffer.from('8212474d3a53747564696f2d436f6e6e65637400', 'hex')
    const welcome = Buffer.from('820cadbeafdeebbe0df00c000000', 'hex')

    const upgraded = opening.take(Buffer.concat([Buffer.from(upgrade), greeting]))
    assert.equal(upgraded, { used: upgrade.length, isOpen: false, say: undefined })
    assert.is(opening.take(greeting.subarray(0, 19)).used, 0)
    const greeted = opening.take(greeting)
    assert.is(greeted.used, 20)
    assert.not(greeted.isOpen)
    assert.is(unmasked(greeted.say!), 'bebafeca0bb0adde1000000000000000')
    assert.equal(opening.take(welcome), { used: 14, isOpen: true, say: undefined })
  })
})

/** The payload of a short masked frame. */
function unmasked(frame: Buffer): string {
  const mask = frame.subarray(2, 6)
  const payload = frame.subarray(6).map((byte, at) => byte ^ mask[at % 4]!)
  return Buffer.from(payload).toString('hex')
}
