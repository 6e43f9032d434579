import {
  BufferError,
  BufferKind,
  BufferType,
  checksumBuffer,
  compressBuffer,
  copyBufferStride,
  createBuffer,
  decodeBase64,
  decodeBase64Into,
  decompressBuffer,
  digestBuffer,
  encodeBase64,
  loadBuffer,
  loadBufferInto,
  type NetworkBuffer,
  readBuffer,
  saveBuffer,
  writeBuffer,
} from 'bitecs-networking'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'

// What the package offers, also as it is built: the other tests here know only the source.

function made(result: NetworkBuffer | BufferError): NetworkBuffer {
  if (typeof result === 'number') throw new Error(`got ${result}`)
  return result
}

function hello(): NetworkBuffer {
  const buffer = createBuffer(5, BufferKind.fixed)
  writeBuffer(buffer, BufferType.text, 'hello')
  return buffer
}

spec('content of buffers, as the package offers it', (it) => {
  it('digests, encodes and compresses', () => {
    assert.is(digestBuffer(hello(), 'md5'), '5d41402abc4b2a76b9719d911017c592')
    assert.is(digestBuffer(hello(), 'sha1', 0, 5), 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d')
    assert.is(checksumBuffer(hello()), 0xc9_ef_59_79)
    assert.is(encodeBase64(hello()), 'aGVsbG8=')
    assert.is(readBuffer(made(decodeBase64('aGVsbG8=')), BufferType.text), 'hello')
    const stream = made(decodeBase64('eJzLSM3JyQcABiwCFQ=='))
    assert.is(readBuffer(made(decompressBuffer(stream)), BufferType.text), 'hello')
    const back = made(decompressBuffer(made(compressBuffer(hello()))))
    assert.is(readBuffer(back, BufferType.text), 'hello')
    assert.is(decompressBuffer(hello()), BufferError.general)
  })

  it('copies in strides and decodes into a buffer', () => {
    const buffer = createBuffer(0, BufferKind.grow)
    assert.is(copyBufferStride(hello(), -1, 1, -1, 5, buffer, 0, 1), 0)
    assert.is(decodeBase64Into(buffer, 'ISE', 5), 0)
    assert.is(readBuffer(buffer, BufferType.text), 'olleh!!')
  })

  it('saves and loads', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bitecs-networking-'))
    try {
      const path = join(folder, 'saves', 'a')
      assert.is(await saveBuffer(hello(), path), 0)
      assert.is(readBuffer(made(await loadBuffer(path)), BufferType.text), 'hello')
      const part = createBuffer(0, BufferKind.grow)
      assert.is(await loadBufferInto(part, path, 1, 3), 0)
      assert.is(readBuffer(part, BufferType.text), 'ell')
      assert.is(await loadBuffer(join(folder, 'none')), BufferError.general)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
