import {
  buffer_crc32,
  buffer_decompress,
  buffer_md5,
  buffer_seek,
  buffer_seek_start,
  buffer_sha1,
  buffer_create,
  buffer_grow,
  buffer_read,
  buffer_string,
  buffer_tell,
  buffer_write,
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { bufferOf, hexOf, withGml, gmlSpec } from '../lib/withGml.ts'

/** Computed with standard libraries. */
const checksums = [
  ['of "a"', '61', 0x174841bc],
  ['of "123456789"', '313233343536373839', 0x340bc6d9],
  ['of four zero bytes', '00000000', 0xdebb20e3],
] as const

gmlSpec('vectors', (it) => {
  for (const [what, hex, expected] of checksums)
    it(
      `buffer_crc32 ${what}`,
      withGml(() => assert.is(buffer_crc32(bufferOf(hex), 0, hex.length / 2), expected)),
    )

  it(
    'buffer_crc32 of nothing',
    withGml(() => assert.is(buffer_crc32(bufferOf('61'), 0, 0), 0xffffffff)),
  )

  it('buffer_sha1 of "hello"', () => {
    const buffer = bufferOf('68656c6c6f')
    assert.is(buffer_sha1(buffer, 0, 5), 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d')
  })

  it('digests of bytes above 7f are of the bytes, not of a text', () => {
    const buffer = bufferOf('80ff')
    assert.is(buffer_sha1(buffer, 0, 2), '6290103200631075988aa3566d8d8922599f8b6d')
    assert.is(buffer_md5(buffer, 0, 2), 'e224580aa65579130b9ea72fe66bbb34')
  })

  it('a string is UTF-8', () => {
    const buffer = buffer_create(1, buffer_grow, 1)
    buffer_write(buffer, buffer_string, 'héllo€😀')
    assert.is(buffer_tell(buffer), 14)
    assert.is(hexOf(buffer).slice(0, 28), '68c3a96c6c6fe282acf09f988000')
    buffer_seek(buffer, buffer_seek_start, 0)
    assert.is(buffer_read(buffer, buffer_string), 'héllo€😀')
  })

  it(
    'buffer_decompress takes zlib of other programs',
    withGml(() =>
      assert.is(hexOf(buffer_decompress(bufferOf('789ccb48cdc9c90700062c0215'))), '68656c6c6f'),
    ),
  )
})
