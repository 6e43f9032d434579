import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { BufferError } from '../../src/constants/BufferError.ts'
import { BufferKind } from '../../src/constants/BufferKind.ts'
import { memoryOf } from '../../src/buffer/BufferMemory.ts'
import { createBuffer, deleteBuffer } from '../../src/buffer/createBuffer.ts'
import {
  getBufferAlignment,
  getBufferBytes,
  getBufferKind,
  getBufferSize,
  getBufferUsedSize,
  setBufferUsedSize,
} from '../../src/buffer/getBufferSize.ts'
import { NetworkBuffer, receivedBuffer } from '../../src/buffer/NetworkBuffer.ts'
import { resizeBuffer } from '../../src/buffer/resizeBuffer.ts'
import { seekBuffer, tellBuffer } from '../../src/buffer/seekBuffer.ts'
import { compressBuffer, decompressBuffer } from '../../src/content/compressBuffer.ts'
import { bufferOf, hex, hexOf, kinds, received, throwsError, wrong } from '../buffer/helpers.ts'
import { spec } from '../spec.ts'

const hello = '68656c6c6f'
/** Made by Python's zlib. */
const helloStream = '789ccb48cdc9c90700062c0215'

function made(result: NetworkBuffer | BufferError): NetworkBuffer {
  if (!(result instanceof NetworkBuffer)) throw new Error(`got ${result}`)
  return result
}

const decompressed = (buffer: NetworkBuffer): string => hex(made(decompressBuffer(buffer)))

spec('compressBuffer', (it) => {
  it('makes a fixed buffer that is just large enough', () => {
    for (const kind of kinds) {
      const buffer = bufferOf('61'.repeat(1000), kind)
      seekBuffer(buffer, 0, 3)
      const stream = made(compressBuffer(buffer))
      assert.is(getBufferKind(stream), BufferKind.fixed)
      assert.is(getBufferAlignment(stream), 1)
      assert.is(getBufferUsedSize(stream), getBufferSize(stream))
      assert.is(tellBuffer(stream), 0)
      assert.ok(getBufferSize(stream) < 100)
      assert.is(hex(buffer), '61'.repeat(1000))
      assert.is(tellBuffer(buffer), 3)
      assert.is(decompressed(stream), '61'.repeat(1000))
    }
  })

  it('compresses a range', () => {
    const ranges: [buffer: NetworkBuffer, offset: number, size: number, bytes: string][] = [
      [bufferOf(`00${hello}00`), 1, 5, hello],
      [bufferOf(hello), 4, 9, '6f'],
      [bufferOf('6c6f68656c', BufferKind.wrap), 2, -1, hello],
      [received(hello).buffer, -8, 100, hello],
      [createBuffer(3, BufferKind.grow), 0, -1, '000000'],
    ]
    for (const [buffer, offset, size, bytes] of ranges)
      assert.is(decompressed(made(compressBuffer(buffer, offset, size))), bytes)
  })

  it('makes nothing of nothing', () => {
    assert.is(compressBuffer(bufferOf(hello), 0, 0), BufferError.general)
    for (const kind of kinds) assert.is(compressBuffer(createBuffer(0, kind)), BufferError.general)
  })

  it('refuses wrong arguments', () => {
    const buffer = bufferOf(hello)
    throwsError(() => compressBuffer(buffer, 0, Number.NaN), 'RangeError', 'compressBuffer: size')
    deleteBuffer(buffer)
    throwsError(() => compressBuffer(buffer), 'FreedError', 'compressBuffer')
  })
})

spec('decompressBuffer', (it) => {
  it('M15: gives back what was compressed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        const stream = made(compressBuffer(bufferOf(hexOf(bytes))))
        assert.is(decompressed(stream), hexOf(bytes))
      }),
    )
  })

  it('M15: refuses what is no stream', () => {
    for (const bytes of ['', '00', hello, `00${helloStream}`, helloStream.slice(0, -2)])
      assert.is(decompressBuffer(bufferOf(bytes)), BufferError.general, bytes)
  })

  it('makes a fixed buffer that is just large enough', () => {
    for (const kind of kinds) {
      const stream = bufferOf(helloStream, kind)
      seekBuffer(stream, 0, 2)
      const buffer = made(decompressBuffer(stream))
      assert.is(hex(buffer), hello)
      assert.is(getBufferKind(buffer), BufferKind.fixed)
      assert.is(getBufferAlignment(buffer), 1)
      assert.is(getBufferUsedSize(buffer), 5)
      assert.is(tellBuffer(buffer), 0)
      assert.is(hex(stream), helloStream)
      assert.is(tellBuffer(stream), 2)
    }
    assert.is(decompressed(bufferOf('789c030000000001')), '')
  })

  it('makes a buffer whose bytes a copy does not share', () => {
    const buffer = made(decompressBuffer(bufferOf(helloStream)))
    getBufferBytes(buffer).slice()[0] = 0
    assert.is(hex(buffer), hello)
  })

  it('takes the used bytes and ignores what stands behind the stream', () => {
    const stream = bufferOf(helloStream, BufferKind.grow)
    resizeBuffer(stream, 50)
    assert.is(decompressed(stream), hello)
    setBufferUsedSize(stream, 50)
    assert.is(decompressed(stream), hello)
    setBufferUsedSize(stream, 12)
    assert.is(decompressBuffer(stream), BufferError.general)
    assert.is(decompressed(received(helloStream).buffer), hello)
    // The byte behind its end would complete it.
    const memory = memoryOf(Uint8Array.from(Buffer.from(helloStream, 'hex')))
    assert.is(decompressBuffer(receivedBuffer(memory, 0, 12)), BufferError.general)
    assert.is(decompressed(receivedBuffer(memory, 0, 13)), hello)
  })

  it('makes nothing larger than it may', () => {
    assert.is(hex(made(decompressBuffer(bufferOf(helloStream), 5))), hello)
    assert.is(decompressBuffer(bufferOf(helloStream), 4), BufferError.general)
    const large = createBuffer(64 * 1024 * 1024 + 1, BufferKind.fixed)
    const stream = made(compressBuffer(large))
    // Not compared by uvu, which would print 64 MiB.
    assert.ok(decompressBuffer(stream) === BufferError.general)
    assert.is(
      getBufferSize(made(decompressBuffer(made(compressBuffer(large, 1))))),
      64 * 1024 * 1024,
    )
  })

  it('refuses wrong arguments', () => {
    const buffer = bufferOf(helloStream)
    for (const bytesMax of [0, -1, 1.5, Number.NaN, Infinity, 2147483648])
      throwsError(
        () => decompressBuffer(buffer, bytesMax),
        'RangeError',
        'decompressBuffer: bytesMax',
      )
    throwsError(() => decompressBuffer(buffer, wrong('1')), 'TypeError', 'bytesMax')
    deleteBuffer(buffer)
    throwsError(() => decompressBuffer(buffer), 'FreedError', 'decompressBuffer')
  })
})
