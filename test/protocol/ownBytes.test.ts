import * as assert from 'uvu/assert'
import { isSmallPart, ownBytes } from '../../src/protocol/ownBytes.ts'
import { spec } from '../spec.ts'

spec('bytes of a chunk', (it) => {
  it('are a view, wherever the chunk stands in its memory', () => {
    const chunk = new Uint8Array(4_096).subarray(10, 90)
    chunk[5] = 7
    const bytes = ownBytes(chunk, 5, 8)
    assert.equal([...bytes], [7, 0, 0])
    assert.ok(bytes.buffer === chunk.buffer)
  })

  it('are a copy where a view would keep eight times as much in memory', () => {
    const chunk = new Uint8Array(8_000)
    chunk[5] = 7
    const bytes = ownBytes(chunk, 5, 1_004)
    assert.is(bytes[0], 7)
    assert.is(bytes.buffer.byteLength, 999)
    assert.ok(ownBytes(chunk, 5, 1_005).buffer === chunk.buffer)
  })

  it('are a small part only of what has more than 4,096 bytes', () => {
    assert.not(isSmallPart(new Uint8Array(4_096), 0))
    assert.ok(isSmallPart(new Uint8Array(4_097), 0))
    assert.ok(isSmallPart(new Uint8Array(4_104), 512))
    assert.not(isSmallPart(new Uint8Array(4_104), 513))
  })
})
