import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { BufferError } from '../../src/constants/BufferError.ts'
import { BufferKind } from '../../src/constants/BufferKind.ts'
import { createBuffer, deleteBuffer } from '../../src/buffer/createBuffer.ts'
import {
  getBufferAlignment,
  getBufferBytes,
  getBufferKind,
  getBufferSize,
  getBufferUsedSize,
} from '../../src/buffer/getBufferSize.ts'
import { NetworkBuffer } from '../../src/buffer/NetworkBuffer.ts'
import { seekBuffer, tellBuffer } from '../../src/buffer/seekBuffer.ts'
import { decodeBase64, decodeBase64Into } from '../../src/content/decodeBase64.ts'
import { encodeBase64 } from '../../src/content/encodeBase64.ts'
import { bufferOf, hex, hexOf, kinds, received, throwsError, wrong } from '../buffer/helpers.ts'
import { spec } from '../spec.ts'

// RFC 4648 section 10, and bytes that reach the last letters of the alphabet.
const vectors: [bytes: string, text: string][] = [
  ['66', 'Zg=='],
  ['666f', 'Zm8='],
  ['666f6f', 'Zm9v'],
  ['666f6f62', 'Zm9vYg=='],
  ['666f6f6261', 'Zm9vYmE='],
  ['666f6f626172', 'Zm9vYmFy'],
  ['fbefbeffffff', '++++////'],
]

const notBase64 = [
  'A',
  'Zm9vY',
  'Zg=',
  'Zg===',
  'Zm9v=',
  '=',
  '====',
  'Z===',
  'Zg==Zg==',
  'Zm9v-_==',
  'Zm9v!',
  'Zm9vé',
  'Zm9v\u{1F600}',
  'Zm9v\0',
]

function decoded(text: string): NetworkBuffer {
  const buffer = decodeBase64(text)
  if (!(buffer instanceof NetworkBuffer)) throw new Error(`${buffer} for ${text}`)
  return buffer
}

spec('encodeBase64', (it) => {
  it('encodes with padding', () => {
    for (const [bytes, text] of vectors)
      for (const kind of kinds) assert.is(encodeBase64(bufferOf(bytes, kind)), text)
  })

  it('encodes a range', () => {
    const buffer = bufferOf('00666f6f00')
    seekBuffer(buffer, 0, 2)
    assert.is(encodeBase64(buffer, 1, 3), 'Zm9v')
    assert.is(encodeBase64(buffer, 1, 0), '')
    assert.is(tellBuffer(buffer), 2)
    assert.is(encodeBase64(bufferOf('6f666f', BufferKind.wrap), 1), 'Zm9v')
    assert.is(encodeBase64(received('666f6f').buffer, -2, 20), 'Zm9v')
    for (const kind of kinds) assert.is(encodeBase64(createBuffer(0, kind)), '')
  })

  it('refuses wrong arguments', () => {
    const buffer = bufferOf('61')
    throwsError(() => encodeBase64(buffer, Number.NaN), 'RangeError', 'encodeBase64: offset')
    deleteBuffer(buffer)
    throwsError(() => encodeBase64(buffer), 'FreedError', 'encodeBase64')
  })
})

spec('decodeBase64', (it) => {
  it('makes a grow buffer that is just large enough', () => {
    for (const [bytes, text] of [...vectors, ['', '']] as const) {
      const buffer = decoded(text)
      assert.is(hex(buffer), bytes)
      assert.is(getBufferUsedSize(buffer), bytes.length / 2)
      assert.is(getBufferKind(buffer), BufferKind.grow)
      assert.is(getBufferAlignment(buffer), 1)
      assert.is(tellBuffer(buffer), 0)
    }
  })

  it('skips white space and does without padding', () => {
    for (const text of ['Zm9vYg', ' Z m9\tv\r\nYg=\f=\n', 'Zm9v\nYg = ='])
      assert.is(hex(decoded(text)), '666f6f62', text)
  })

  it('refuses what is not base64', () => {
    for (const text of notBase64) assert.is(decodeBase64(text), BufferError.general, text)
    throwsError(() => decodeBase64(wrong(5)), 'TypeError', 'decodeBase64: text')
  })

  it('takes what Node encodes, and Node takes what encodeBase64 gives', () => {
    const sizes = [0, 1, 2, 3, 12_287, 12_288, 12_289, 300_000, 3_000_000]
    for (const size of sizes) {
      const bytes = new Uint8Array(size).map((_, at) => (at * 7919) >> 5)
      const text = Buffer.from(bytes).toString('base64')
      const buffer = decoded(text)
      assert.is(Buffer.compare(getBufferBytes(buffer), bytes), 0)
      assert.is(encodeBase64(buffer) === text, true, `${size} bytes`)
    }
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = Buffer.from(bytes).toString('base64')
        assert.is(hex(decoded(text)), hexOf(bytes))
        assert.is(encodeBase64(bufferOf(hexOf(bytes))), text)
      }),
    )
  })
})

spec('decodeBase64Into', (it) => {
  it('enlarges every kind to what it needs', () => {
    for (const kind of kinds) {
      const buffer = bufferOf('ffff', kind)
      seekBuffer(buffer, 0, 1)
      assert.is(decodeBase64Into(buffer, 'Zm9v', 4), 0)
      assert.is(hex(buffer), 'ffff0000666f6f')
      assert.is(getBufferUsedSize(buffer), 7)
      assert.is(tellBuffer(buffer), 1)
      assert.is(getBufferKind(buffer), kind)
      assert.is(decodeBase64Into(buffer, 'Zg', -5), 0)
      assert.is(hex(buffer), '66ff0000666f6f')
    }
  })

  it('raises the used size to its end only', () => {
    const buffer = createBuffer(8, BufferKind.fixed)
    decodeBase64Into(buffer, 'Zm9v', 2.9)
    assert.is(hex(buffer), '0000666f6f000000')
    assert.is(getBufferUsedSize(buffer), 5)
  })

  it('changes nothing when it fails', () => {
    const buffer = bufferOf('ffff', BufferKind.grow)
    for (const text of notBase64)
      assert.is(decodeBase64Into(buffer, text, 4), BufferError.general, text)
    for (const offset of [2147483645, 1e300])
      assert.is(decodeBase64Into(buffer, 'Zm9v', offset), BufferError.outOfSpace)
    assert.is(decodeBase64Into(buffer, '', 100), 0)
    assert.is(hex(buffer), 'ffff')
    assert.is(getBufferSize(buffer), 2)
  })

  it('keeps to its own bytes in received buffers', () => {
    const { buffer, memory } = received('01020304')
    assert.is(decodeBase64Into(buffer, 'Zm9v', 1), 0)
    assert.is(hexOf(memory.bytes), 'ee'.repeat(8) + '01666f6f' + 'ee'.repeat(8))
    const before = hexOf(memory.bytes)
    assert.is(decodeBase64Into(buffer, 'Zm9v', 2), 0)
    assert.is(hex(buffer), '0166666f6f')
    assert.is(hexOf(memory.bytes), before)
  })

  it('refuses wrong arguments', () => {
    const buffer = bufferOf('61')
    throwsError(() => decodeBase64Into(buffer, wrong(1)), 'TypeError', 'decodeBase64Into: text')
    throwsError(() => decodeBase64Into(buffer, '', Infinity), 'RangeError', 'offset')
    deleteBuffer(buffer)
    throwsError(() => decodeBase64Into(buffer, ''), 'FreedError', 'decodeBase64Into')
  })
})
