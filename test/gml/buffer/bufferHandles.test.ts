import * as assert from 'uvu/assert'
import { deleteBuffer } from '../../../src/buffer/createBuffer.ts'
import { buffer_load_async, buffer_save_async } from '../../../src/gml/buffer/bufferAsync.ts'
import {
  buffer_base64_decode_ext,
  buffer_base64_encode,
  buffer_compress,
  buffer_crc32,
  buffer_decompress,
  buffer_md5,
  buffer_sha1,
} from '../../../src/gml/buffer/bufferContent.ts'
import {
  buffer_copy,
  buffer_copy_stride,
  buffer_fill,
} from '../../../src/gml/buffer/bufferCopying.ts'
import { buffer_delete, buffer_exists } from '../../../src/gml/buffer/bufferCreation.ts'
import {
  buffer_load_ext,
  buffer_load_partial,
  buffer_save,
  buffer_save_ext,
} from '../../../src/gml/buffer/bufferFiles.ts'
import { addBuffer } from '../../../src/gml/buffer/bufferHandles.ts'
import {
  buffer_get_address,
  buffer_get_alignment,
  buffer_get_size,
  buffer_get_type,
  buffer_get_used_size,
  buffer_resize,
  buffer_set_used_size,
} from '../../../src/gml/buffer/bufferProperties.ts'
import {
  buffer_peek,
  buffer_poke,
  buffer_read,
  buffer_seek,
  buffer_tell,
  buffer_write,
} from '../../../src/gml/buffer/bufferReadWrite.ts'
import { createHandles, giveHandle } from '../../../src/gml/handles.ts'
import { received, throwsError } from '../../buffer/helpers.ts'
import { spec } from '../../spec.ts'
import { bufferOf, staleHandle } from './bufferHelpers.ts'
import { withSetting } from '../withSetting.ts'

/** A function called for a buffer, and what it gives for an unknown one if that is no error. */
type Call = readonly [name: string, run: (buffer: number) => unknown, result: unknown]

const file = 'never-made.bin'

const calls: readonly Call[] = [
  ['buffer_delete', buffer_delete, -5],
  ['buffer_write', (b) => buffer_write(b, 1, 1), -5],
  ['buffer_read', (b) => buffer_read(b, 1), 0],
  ['buffer_peek', (b) => buffer_peek(b, 0, 1), 0],
  ['buffer_poke', (b) => buffer_poke(b, 0, 1, 1), 0],
  ['buffer_seek', (b) => buffer_seek(b, 0, 0), 0],
  ['buffer_tell', buffer_tell, -5],
  ['buffer_get_size', buffer_get_size, -5],
  ['buffer_get_used_size', buffer_get_used_size, -5],
  ['buffer_set_used_size', (b) => buffer_set_used_size(b, 0), false],
  ['buffer_get_type', buffer_get_type, -5],
  ['buffer_get_alignment', buffer_get_alignment, -5],
  ['buffer_get_address', buffer_get_address, undefined],
  ['buffer_resize', (b) => buffer_resize(b, 1), -5],
  ['buffer_fill', (b) => buffer_fill(b, 0, 1, 1, 1), -5],
  ['buffer_copy', (b) => buffer_copy(b, 0, 1, bufferOf('00'), 0), -5],
  ['buffer_copy', (b) => buffer_copy(bufferOf('00'), 0, 1, b, 0), -5],
  ['buffer_copy_stride', (b) => buffer_copy_stride(b, 0, 1, 1, 1, bufferOf('00'), 0, 1), -5],
  ['buffer_copy_stride', (b) => buffer_copy_stride(bufferOf('00'), 0, 1, 1, 1, b, 0, 1), -5],
  ['buffer_md5', (b) => buffer_md5(b, 0, 1), -5],
  ['buffer_sha1', (b) => buffer_sha1(b, 0, 1), -5],
  ['buffer_crc32', (b) => buffer_crc32(b, 0, 1), -5],
  ['buffer_base64_encode', (b) => buffer_base64_encode(b, 0, 1), -5],
  ['buffer_base64_decode_ext', (b) => buffer_base64_decode_ext(b, 'AA==', 0), -5],
  ['buffer_compress', (b) => buffer_compress(b, 0, 1), -5],
  ['buffer_decompress', buffer_decompress, -5],
  ['buffer_save', (b) => buffer_save(b, file), -5],
  ['buffer_save_ext', (b) => buffer_save_ext(b, file, 0, 1), -5],
  ['buffer_load_ext', (b) => buffer_load_ext(b, file, 0), -5],
  ['buffer_load_partial', (b) => buffer_load_partial(b, file, 0, 1, 0), -5],
  ['buffer_save_async', (b) => buffer_save_async(b, file, 0, 1), -1],
  ['buffer_load_async', (b) => buffer_load_async(b, file, 0, 1), -1],
]

/** As of a data event that is over. */
function freedHandle(): number {
  const { buffer } = received('01')
  const handle = addBuffer(buffer)
  deleteBuffer(buffer)
  return handle
}

const unknown: [string, () => number][] = [
  ['a stale handle', staleHandle],
  ['a handle of another kind', () => giveHandle(createHandles('thing'), {})],
  ['a handle whose buffer was freed otherwise', freedHandle],
  ['-1', () => -1],
  ['a number that was never given', () => 1e9],
  ['a fraction', () => bufferOf('00') + 0.5],
  ['infinity', () => Infinity],
]

const noNumbers = [undefined, null, Number.NaN, '', 'zero', {}] as unknown as number[]

spec('handles of buffers', (it) => {
  for (const [name, run, result] of calls)
    for (const [what, make] of unknown)
      it(`${name}: ${what}`, () => {
        const handle = make()
        throwsError(() => run(handle), 'RangeError', `${name}: there is no buffer ${handle}`)
        withSetting('unknown_buffer', 'result', () => assert.is(run(handle), result))
      })

  for (const [name, run] of [...calls, ['buffer_exists', buffer_exists, false] as Call])
    it(`${name}: what is no number is always a TypeError`, () => {
      for (const value of noNumbers) {
        const call = (): unknown => run(value)
        throwsError(call, 'TypeError', `${name}: buffer must be the handle of a buffer`)
        withSetting('unknown_buffer', 'result', () => throwsError(call, 'TypeError', `${name}: `))
      }
    })

  it('buffer_exists: nothing unknown exists, and that is no error', () => {
    for (const [, make] of unknown) assert.is(buffer_exists(make()), false)
  })
})

/** A function called with one number to be checked, which it calls so. */
type Numbered = readonly [name: string, argument: string, run: (value: number) => unknown]

const one = (): number => bufferOf('00')

const numbered: readonly Numbered[] = [
  ['buffer_peek', 'offset', (n) => buffer_peek(one(), n, 1)],
  ['buffer_poke', 'offset', (n) => buffer_poke(one(), n, 1, 1)],
  ['buffer_seek', 'base', (n) => buffer_seek(one(), n, 0)],
  ['buffer_seek', 'offset', (n) => buffer_seek(one(), 0, n)],
  ['buffer_set_used_size', 'size', (n) => buffer_set_used_size(one(), n)],
  ['buffer_resize', 'newsize', (n) => buffer_resize(one(), n)],
  ['buffer_fill', 'offset', (n) => buffer_fill(one(), n, 1, 1, 1)],
  ['buffer_fill', 'size', (n) => buffer_fill(one(), 0, 1, 1, n)],
  ['buffer_copy', 'src_offset', (n) => buffer_copy(one(), n, 1, one(), 0)],
  ['buffer_copy', 'size', (n) => buffer_copy(one(), 0, n, one(), 0)],
  ['buffer_copy', 'dest_offset', (n) => buffer_copy(one(), 0, 1, one(), n)],
  ['buffer_copy_stride', 'src_offset', (n) => buffer_copy_stride(one(), n, 1, 1, 1, one(), 0, 1)],
  ['buffer_copy_stride', 'src_size', (n) => buffer_copy_stride(one(), 0, n, 1, 1, one(), 0, 1)],
  ['buffer_copy_stride', 'src_stride', (n) => buffer_copy_stride(one(), 0, 1, n, 1, one(), 0, 1)],
  ['buffer_copy_stride', 'src_count', (n) => buffer_copy_stride(one(), 0, 1, 1, n, one(), 0, 1)],
  ['buffer_copy_stride', 'dest_offset', (n) => buffer_copy_stride(one(), 0, 1, 1, 1, one(), n, 1)],
  ['buffer_copy_stride', 'dest_stride', (n) => buffer_copy_stride(one(), 0, 1, 1, 1, one(), 0, n)],
  ['buffer_md5', 'offset', (n) => buffer_md5(one(), n, 1)],
  ['buffer_md5', 'size', (n) => buffer_md5(one(), 0, n)],
  ['buffer_sha1', 'offset', (n) => buffer_sha1(one(), n, 1)],
  ['buffer_sha1', 'size', (n) => buffer_sha1(one(), 0, n)],
  ['buffer_crc32', 'offset', (n) => buffer_crc32(one(), n, 1)],
  ['buffer_crc32', 'size', (n) => buffer_crc32(one(), 0, n)],
  ['buffer_base64_encode', 'offset', (n) => buffer_base64_encode(one(), n, 1)],
  ['buffer_base64_encode', 'size', (n) => buffer_base64_encode(one(), 0, n)],
  ['buffer_base64_decode_ext', 'offset', (n) => buffer_base64_decode_ext(one(), 'AA==', n)],
  ['buffer_compress', 'offset', (n) => buffer_compress(one(), n, 1)],
  ['buffer_compress', 'size', (n) => buffer_compress(one(), 0, n)],
  ['buffer_save_ext', 'offset', (n) => buffer_save_ext(one(), file, n, 1)],
  ['buffer_save_ext', 'size', (n) => buffer_save_ext(one(), file, 0, n)],
  ['buffer_load_ext', 'offset', (n) => buffer_load_ext(one(), file, n)],
  ['buffer_load_partial', 'offset', (n) => buffer_load_partial(one(), file, n, 1, 0)],
  ['buffer_load_partial', 'src_len', (n) => buffer_load_partial(one(), file, 0, n, 0)],
  ['buffer_load_partial', 'dest_offset', (n) => buffer_load_partial(one(), file, 0, 1, n)],
  ['buffer_save_async', 'offset', (n) => buffer_save_async(one(), file, n, 1)],
  ['buffer_save_async', 'size', (n) => buffer_save_async(one(), file, 0, n)],
  ['buffer_load_async', 'offset', (n) => buffer_load_async(one(), file, n, 1)],
  ['buffer_load_async', 'size', (n) => buffer_load_async(one(), file, 0, n)],
]

spec('numbers given to buffer functions', (it) => {
  for (const [name, argument, run] of numbered)
    it(`${name}: refuses a strange ${argument} by its name`, () => {
      const start = `${name}: ${argument} must be`
      for (const value of [Number.NaN, Infinity, -Infinity])
        throwsError(() => run(value), 'RangeError', start)
      for (const value of [undefined, 'one', null, {}] as unknown as number[])
        throwsError(() => run(value), 'TypeError', start)
    })

  it('buffer_seek refuses a base that does not exist', () => {
    for (const base of [7, -1, 3, 0.5] as unknown as 0[])
      throwsError(() => buffer_seek(one(), base, 0), 'RangeError', 'buffer_seek: base must be')
  })
})
