import * as assert from 'uvu/assert'
import {
  type BatchPool,
  createBatchPool,
  growBatch,
  returnBatch,
  takeBatch,
  trimBatches,
} from '../../src/buffer/BatchPool.ts'
import { type BufferMemory, memoryOf } from '../../src/buffer/BufferMemory.ts'
import { spec } from '../spec.ts'

const mib = 1024 * 1024

/** Takes memory for each size at the same time and returns it. */
function useAtOnce(pool: BatchPool, sizes: readonly number[]): Set<BufferMemory> {
  const batches = sizes.map((size) => takeBatch(pool, size))
  for (const [index, { bytes }] of batches.entries()) assert.ok(bytes.length >= sizes[index]!)
  for (const batch of batches) returnBatch(pool, batch)
  return new Set(batches)
}

function freeOf({ classes }: BatchPool): number {
  return classes.reduce((sum, { bytes, free }) => sum + bytes * free.length, 0)
}

spec('BatchPool', (it) => {
  it('has memory for every size, and the same again for a size like it', () => {
    const pool = createBatchPool()
    for (const size of [1, 4_095, 4_096, 4_097, 8_192, 65_535, 65_550, mib - 1, mib]) {
      const batch = takeBatch(pool, size)
      assert.ok(batch.bytes.length >= size)
      assert.ok(batch.bytes.length < Math.max(2 * size, 4_097))
      returnBatch(pool, batch)
      assert.is(takeBatch(pool, size), batch)
      returnBatch(pool, batch)
    }
    assert.is(pool.freeBytes, freeOf(pool))
  })

  it('keeps no memory above 1 MiB, and none of another size than its own', () => {
    const pool = createBatchPool()
    for (const size of [mib + 1, 3 * mib]) {
      const batch = takeBatch(pool, size)
      assert.is(batch.bytes.length, size)
      returnBatch(pool, batch)
    }
    for (const size of [0, 78, 4_095, 5_000]) returnBatch(pool, memoryOf(new Uint8Array(size)))
    assert.is(pool.freeBytes, 0)
    assert.is(freeOf(pool), 0)
    // Larger than any typed array: it must not be taken for a small one.
    assert.throws(() => takeBatch(pool, 2 ** 53), RangeError)
    assert.throws(() => takeBatch(pool, 2 ** 53 + 2), RangeError)
  })

  it('grows memory to the size that is needed, at least twice, and keeps the smaller', () => {
    const pool = createBatchPool()
    const small = takeBatch(pool, 100)
    small.bytes.set([1, 2, 3])
    const grown = growBatch(pool, small, 3, 70_000)
    assert.is(grown.bytes.length, 131_072)
    assert.equal([...grown.bytes.subarray(0, 4)], [1, 2, 3, 0])
    assert.is(growBatch(pool, grown, 3, 131_073).bytes.length, 262_144)
    assert.is(takeBatch(pool, 1), small)
    const large = growBatch(pool, memoryOf(new Uint8Array(mib)), 0, mib + 1)
    assert.is(large.bytes.length, 2 * mib)
    assert.is(growBatch(pool, large, 0, 2 * mib + 5).bytes.length, 4 * mib)
  })

  it('keeps 64 MiB at most', () => {
    const pool = createBatchPool()
    useAtOnce(
      pool,
      Array.from({ length: 80 }, () => mib),
    )
    assert.is(pool.freeBytes, 64 * mib)
    assert.is(freeOf(pool), 64 * mib)
  })

  it('drops what a peak has left, and nothing that every tick needs', () => {
    const pool = createBatchPool()
    const usual = Array.from({ length: 10 }, (_, index) => (index === 0 ? 9_000 : 100))
    useAtOnce(
      pool,
      Array.from({ length: 5_000 }, () => 100),
    )
    assert.is(pool.freeBytes, 5_000 * 4_096)
    for (let tick = 0; tick < 64 * 16; tick++) {
      useAtOnce(pool, usual)
      trimBatches(pool)
    }
    const before = useAtOnce(pool, usual)
    assert.is(freeOf(pool), 9 * 4_096 + 16_384)
    assert.is(pool.freeBytes, freeOf(pool))
    for (let tick = 0; tick < 1_000; tick++) {
      for (const batch of useAtOnce(pool, usual)) assert.ok(before.has(batch))
      trimBatches(pool)
    }
    for (let tick = 0; tick < 1_000; tick++) trimBatches(pool)
    assert.is(pool.freeBytes, 0)
  })
})
