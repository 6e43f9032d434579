import { Socket } from 'node:net'
import * as assert from 'uvu/assert'
import { frameProtocol } from '../../bench/lib/servers/frameReader.ts'
import { type HandProtocol } from '../../bench/lib/servers/HandProtocol.ts'
import { packetProtocol } from '../../bench/lib/servers/packetReader.ts'
import { addWords, weigh } from '../../bench/lib/servers/Server.ts'
import { spec } from '../spec.ts'

// RFC 6455 section 1.3 has the key and what it is answered with; section 5.7 the masked "Hello" and the header of 256 bytes.
const request =
  'GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
const accept = 'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n'
const hello = '828537fa213d7f9f4d5158'
// By docs/protocol.md.
const answer = 'bebafeca0bb0adde1000000000000000'
const packet = 'dec0adde0c0000000500000048656c6c6f'

spec('the hand-written servers', (it) => {
  it('WebSocket: take the upgrade and masked messages, however they are cut', () => {
    const stream = Buffer.concat([Buffer.from(request), Buffer.from(hello + hello, 'hex')])
    const said = readInPieces(frameProtocol, stream)
    assert.match(said, /^HTTP\/1\.1 101 /)
    assert.ok(said.includes(accept))
  })

  it('packets: take the handshake and packets, however they are cut', () => {
    const said = readInPieces(packetProtocol, Buffer.from(answer + packet + packet, 'hex'))
    const expected = Buffer.from(
      '474d3a53747564696f2d436f6e6e65637400adbeafdeebbe0df00c000000',
      'hex',
    )
    assert.is(said, expected.toString('latin1'))
  })

  it('WebSocket: write short and long headers', () => {
    assert.is(header(125), '827d')
    assert.is(header(256), '827e0100')
  })

  it('add up the words of a message, each weighed by its place', () => {
    const tally = { messages: 0, sum: 0, ended: 0 }
    const bytes = new Uint8Array([9, 1, 0, 0, 0, 255, 255, 255, 255])
    addWords(tally, new DataView(bytes.buffer), 1, 9)
    assert.is(tally.sum, 1 - 3)
    assert.is(weigh(2 ** 31, 1), -(2 ** 31))
  })
})

function header(payloadBytes: number): string {
  const view = new DataView(new ArrayBuffer(4))
  const length = frameProtocol.writeHeader(view, 0, payloadBytes)
  return Buffer.from(view.buffer, 0, length).toString('hex')
}

/** Reads the stream in pieces of every size; each time two messages must come. Returns what was said. */
function readInPieces({ createReader }: HandProtocol, stream: Buffer): string {
  let said = ''
  for (let size = 1; size <= stream.length; size++) {
    const messages: string[] = []
    let opened = 0
    const socket = new FakeSocket()
    const read = createReader(socket, {
      onOpen: () => opened++,
      onMessage(view, start, end) {
        const { buffer, byteOffset } = view
        messages.push(Buffer.from(buffer, byteOffset + start, end - start).toString())
      },
    })
    for (let at = 0; at < stream.length; at += size)
      read(Buffer.from(stream.subarray(at, at + size)))
    assert.equal(messages, ['Hello', 'Hello'], `in pieces of ${size}`)
    assert.is(opened, 1)
    said = socket.said
  }
  return said
}

class FakeSocket extends Socket {
  said = ''

  override write(bytes: Uint8Array | string): boolean {
    this.said += typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('latin1')
    return true
  }
}
