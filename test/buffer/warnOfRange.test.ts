import {
  BufferKind,
  BufferType,
  createBuffer,
  fillBuffer,
  pokeBuffer,
  readBuffer,
  seekBuffer,
  SeekBase,
  writeBuffer,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'

/** What is warned of while `run` runs. */
function warningsOf(run: () => void): unknown[] {
  const said: unknown[] = []
  const { warn } = console
  console.warn = (...words: unknown[]) => void said.push(words.join(' '))
  try {
    run()
  } finally {
    console.warn = warn
  }
  return said
}

const buffer = createBuffer(16, BufferKind.grow)

spec('a number that does not fit', (it) => {
  it('is no reason to warn if none of its bits is lost', () => {
    const said = warningsOf(() => {
      for (const [type, ...values] of [
        [BufferType.u8, 0, 255, 255.9, -1, -128],
        [BufferType.s8, 127, -128, -128.9, 128, 255],
        [BufferType.u16, 65_535, -32_768],
        [BufferType.s16, 40_000],
        [BufferType.u32, 2 ** 32 - 1, -(2 ** 31)],
        [BufferType.s32, 2 ** 31],
        [BufferType.f32, 1e300],
        [BufferType.f64, 1e300],
        [BufferType.u64, 2 ** 70],
        [BufferType.bool, 1_000],
      ] as const)
        for (const value of values) writeBuffer(buffer, type, value)
    })
    assert.equal(said, [])
  })

  it('keeps its low bits, and is warned of once for each type', () => {
    const rows = [
      [BufferType.u8, 300, 'u8 holds 8 bits, so 300 is stored as 44'],
      [BufferType.s8, -129, 's8 holds 8 bits, so -129 is stored as 127'],
      [BufferType.u16, 70_000.5, 'u16 holds 16 bits, so 70000.5 is stored as 4464'],
      [BufferType.s16, 100_000, 's16 holds 16 bits, so 100000 is stored as -31072'],
      [BufferType.u32, 2 ** 32, 'u32 holds 32 bits, so 4294967296 is stored as 0'],
      [BufferType.s32, -(2 ** 31) - 1, 's32 holds 32 bits, so -2147483649 is stored as 2147483647'],
    ] as const
    for (const [type, value, expected] of rows) {
      const said = warningsOf(() => {
        for (let count = 0; count < 3; count++) {
          seekBuffer(buffer, SeekBase.start, 0)
          writeBuffer(buffer, type, value)
        }
        pokeBuffer(buffer, 0, type, value)
        fillBuffer(buffer, 0, type, value, 4)
      })
      assert.equal(said, [`bitecs-networking: writeBuffer: ${expected}`])
      seekBuffer(buffer, SeekBase.start, 0)
      assert.is(readBuffer(buffer, type), Number(/\S+$/.exec(expected)![0]))
    }
  })
})
