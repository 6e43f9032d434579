import * as assert from 'uvu/assert'
import { type ByteStream, createStream } from '../../../src/protocol/ByteStream.ts'
import { append } from '../../../src/protocol/PacketAssembly.ts'
import { eachFramed } from '../../../src/protocol/webSocket/eachFramed.ts'
import { framedBytes } from '../../../src/protocol/webSocket/messageRun.node.ts'
import { spec } from '../../spec.ts'

/** Three packets of 3, 0 and 300 bytes, each in a frame. */
const packets = [
  '820fdec0adde0c00000003000000414243',
  '820cdec0adde0c00000000000000',
  `827e0138dec0adde0c0000002c010000${'41'.repeat(300)}`,
]
/** Frames of text, of nothing and of 300 bytes; the second is masked. */
const texts = ['8203414243', '828001020304', `827e012c${'41'.repeat(300)}`]

function openStream(raw: boolean, messageBytesMax = 300): ByteStream {
  const stream = createStream('server', { raw, gameId: 0 }, { malformed: 'raw', messageBytesMax })
  stream.phase = 'open'
  return stream
}

const bytesOf = (...hexes: readonly string[]): Uint8Array =>
  Uint8Array.from(Buffer.from(hexes.join(''), 'hex'))

spec('framed messages back to back', (it) => {
  it('are counted without the headers of their frames', () => {
    assert.is(framedBytes(openStream(false), bytesOf(...packets)), 15 + 12 + 312)
    assert.is(framedBytes(openStream(true), bytesOf(...texts)), 3 + 0 + 300)
    assert.is(framedBytes(openStream(true), new Uint8Array(0)), 0)
  })

  it('are not taken as they are above the limit', () => {
    assert.is(framedBytes(openStream(false, 299), bytesOf(...packets)), -1)
    assert.is(framedBytes(openStream(true, 299), bytesOf(...texts)), -1)
    assert.is(framedBytes(openStream(false, 299), bytesOf(...packets.slice(0, 2))), 27)
  })

  it('are not taken as they are unless each is one packet, or in raw mode none', () => {
    for (const [index, text] of texts.entries()) {
      assert.is(framedBytes(openStream(false), bytesOf(packets[0]!, text, packets[1]!)), -1)
      assert.is(framedBytes(openStream(true), bytesOf(texts[0]!, packets[index]!)), -1)
    }
  })

  it('are not taken as they are by a stream that is not open, or has the beginning of a packet', () => {
    for (const phase of ['awaitAnswer', 'ended'] as const) {
      const stream = openStream(false)
      stream.phase = phase
      assert.is(framedBytes(stream, bytesOf(...packets)), -1)
    }
    const stream = openStream(false)
    append(stream.assembly, bytesOf('de'), 0, 1, 12)
    assert.is(framedBytes(stream, bytesOf(...packets)), -1)
  })

  it('are emitted one after the other', () => {
    const emitted: string[] = []
    eachFramed(bytesOf(...texts), (message) => emitted.push(Buffer.from(message).toString('hex')))
    assert.equal(emitted, ['414243', '', '41'.repeat(300)])
  })
})
