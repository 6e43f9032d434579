import * as assert from 'uvu/assert'
import { memoryOf } from '../../src/buffer/BufferMemory.ts'
import { copyMemory } from '../../src/buffer/copyMemory.ts'
import { spec } from '../spec.ts'

const room = 90
const untouched = 0xee

spec('copyMemory', (it) => {
  for (const hasView of [true, false])
    it(`copies each size from and to each place, ${hasView ? 'with' : 'without'} a view, and nothing else`, () => {
      const source = Uint8Array.from({ length: room }, (_, index) => (index * 37) & 0xff)
      for (let size = 0; size <= 75; size++)
        for (const [start, at] of [
          [0, 0],
          [1, 6],
          [5, 3],
          [8, 12],
        ] as const) {
          const from = memoryOf(source)
          if (hasView) from.prepareView()
          const to = memoryOf(new Uint8Array(room).fill(untouched))
          copyMemory(from, start, size, to, at)
          const expected = new Uint8Array(room).fill(untouched)
          expected.set(source.subarray(start, start + size), at)
          assert.equal(to.bytes, expected, `${size} bytes from ${start} to ${at}`)
        }
    })
})
