import * as assert from 'uvu/assert'
import {
  buffer_base64_decode,
  buffer_base64_decode_ext,
  buffer_base64_encode,
  buffer_compress,
  buffer_crc32,
  buffer_decompress,
  buffer_md5,
  buffer_sha1,
} from '../../../src/gml/buffer/bufferContent.ts'
import { buffer_create } from '../../../src/gml/buffer/bufferCreation.ts'
import {
  buffer_get_alignment,
  buffer_get_size,
  buffer_get_type,
  buffer_get_used_size,
} from '../../../src/gml/buffer/bufferProperties.ts'
import { buffer_seek, buffer_tell, buffer_write } from '../../../src/gml/buffer/bufferReadWrite.ts'
import {
  buffer_fast,
  buffer_fixed,
  buffer_grow,
  buffer_seek_start,
  buffer_u8,
  buffer_wrap,
} from '../../../src/gml/constants.ts'
import { throwsError, wrong } from '../../buffer/helpers.ts'
import { spec } from '../../spec.ts'
import { bufferOf, eventBufferOf, hex, kinds } from './bufferHelpers.ts'
import { withSetting } from '../withSetting.ts'

const hello = '68656c6c6f'
const helloMd5 = '5d41402abc4b2a76b9719d911017c592'
const helloSha1 = 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d'

spec('hashes of buffers', (it) => {
  it('§7.3: sha1 and md5 are of the bytes', () => {
    for (const kind of kinds) {
      assert.is(buffer_sha1(bufferOf(hello, kind), 0, 5), helloSha1)
      assert.is(buffer_md5(bufferOf(hello, kind), 0, 5), helloMd5)
      const high = bufferOf('80ff', kind)
      assert.is(buffer_sha1(high, 0, 2), '6290103200631075988aa3566d8d8922599f8b6d')
      assert.is(buffer_md5(high, 0, 2), 'e224580aa65579130b9ea72fe66bbb34')
    }
  })

  const sums: [string, string, number][] = [
    ['"a"', '61', 0x174841bc],
    ['"123456789"', '313233343536373839', 0x340bc6d9],
    ['four zero bytes', '00000000', 0xdebb20e3],
  ]
  for (const [what, bytes, sum] of sums)
    it(`§7.3: crc32 of ${what}`, () => {
      for (const kind of kinds) assert.is(buffer_crc32(bufferOf(bytes, kind), 0, -1), sum)
    })

  it('§5.11: crc32 of no bytes', () => {
    assert.is(buffer_crc32(bufferOf('61'), 0, 0), 0xffffffff)
  })

  it('§5.11: an empty buffer has none', () => {
    const empty = buffer_create(0, buffer_grow, 1)
    assert.is(buffer_md5(empty, 0, -1), undefined)
    assert.is(buffer_sha1(empty, 0, 1), undefined)
    assert.is(buffer_crc32(empty, 0, 0), undefined)
  })

  const ranges: [string, number, number][] = [
    ['exact', 1, 5],
    ['fractions are cut', 1.9, 5.9],
  ]
  for (const [what, offset, size] of ranges)
    it(`§5.11: range: ${what}`, () => {
      assert.is(buffer_sha1(bufferOf(`00${hello}ff`), offset, size), helloSha1)
      assert.is(buffer_md5(bufferOf(`00${hello}ff`), offset, size), helloMd5)
    })

  it('§5.11: a range is brought inside', () => {
    const buffer = bufferOf(`00${hello}`)
    assert.is(buffer_sha1(buffer, 1, 99), helloSha1)
    assert.is(buffer_sha1(buffer, 1, -1), helloSha1)
    assert.is(buffer_sha1(bufferOf(hello), -3, 5), helloSha1)
    assert.is(buffer_crc32(bufferOf('0061'), 99, 99), 0x174841bc)
  })

  it('§5.11: a wrap buffer goes on at its start', () => {
    assert.is(buffer_sha1(bufferOf('6c6f68656c', buffer_wrap), 2, 5), helloSha1)
    assert.is(buffer_md5(bufferOf('6c6f68656c', buffer_wrap), -3, 5), helloMd5)
  })

  it('refuses more bytes of a wrap buffer than a buffer can have', () => {
    const buffer = bufferOf('00', buffer_wrap)
    throwsError(() => buffer_md5(buffer, 0, 2 ** 31), 'RangeError', 'buffer_md5: size must be')
    throwsError(() => buffer_crc32(buffer, 0, 2 ** 31), 'RangeError', 'buffer_crc32: size must be')
    assert.is(buffer_crc32(bufferOf('61'), 0, 2 ** 31), 0x174841bc)
  })

  it('takes a data event buffer without its neighbours, and leaves the position', () => {
    const { buffer } = eventBufferOf(hello)
    buffer_seek(buffer, buffer_seek_start, 2)
    assert.is(buffer_sha1(buffer, 0, -1), helloSha1)
    assert.is(buffer_tell(buffer), 2)
  })
})

spec('base64', (it) => {
  const pairs = [
    ['', ''],
    ['00', 'AA=='],
    ['fbff', '+/8='],
    ['4d616e', 'TWFu'],
    [hello, 'aGVsbG8='],
  ] as const
  for (const [bytes, text] of pairs)
    it(`§5.12: ${bytes} is ${text}`, () => {
      for (const kind of kinds)
        assert.is(buffer_base64_encode(bufferOf(`${bytes}00`, kind), 0, bytes.length / 2), text)
      const decoded = buffer_base64_decode(text)
      assert.is(hex(decoded), bytes)
      assert.is(buffer_get_used_size(decoded), bytes.length / 2)
      assert.is(buffer_get_type(decoded), buffer_grow)
      assert.is(buffer_get_alignment(decoded), 1)
      assert.is(buffer_tell(decoded), 0)
    })

  it('§5.12: has no line breaks, and decodes 512 bytes to 512', () => {
    const text = buffer_base64_encode(bufferOf('ab'.repeat(512)), 0, 512) as string
    assert.is(text.length, 684)
    assert.not.match(text, /\s/)
    assert.is(hex(buffer_base64_decode(text)), 'ab'.repeat(512))
  })

  it('§5.12: an encoded range is brought inside, and wraps', () => {
    assert.is(buffer_base64_encode(bufferOf(`00${hello}`), 1, -1), 'aGVsbG8=')
    assert.is(buffer_base64_encode(bufferOf('6c6f68656c', buffer_wrap), 2, 5), 'aGVsbG8=')
  })

  it('§5.12: skips white space and accepts missing padding', () => {
    assert.is(hex(buffer_base64_decode(' aGVs\r\nbG8 ')), hello)
    assert.is(hex(buffer_base64_decode('AA')), '00')
  })

  it('gives -1 for what is no base64', () => {
    for (const text of ['a', '????', 'AA=A']) assert.is(buffer_base64_decode(text), -1)
    const buffer = bufferOf('0102')
    assert.is(buffer_base64_decode_ext(buffer, '????', 0), -1)
    assert.is(hex(buffer), '0102')
  })

  it('throws a TypeError for what is no string', () => {
    throwsError(() => buffer_base64_decode(wrong(5)), 'TypeError', 'buffer_base64_decode: string')
    throwsError(
      () => buffer_base64_decode_ext(bufferOf('00'), wrong(undefined), 0),
      'TypeError',
      'buffer_base64_decode_ext: string must be',
    )
  })

  it('§5.12: decode_ext enlarges buffers of any kind that do not wrap', () => {
    for (const kind of [buffer_fixed, buffer_grow, buffer_fast] as const) {
      const buffer = bufferOf('0102', kind)
      assert.is(buffer_base64_decode_ext(buffer, 'aGVsbG8=', 1), undefined)
      assert.is(hex(buffer), `01${hello}`)
      assert.is(buffer_get_used_size(buffer), 6)
      assert.is(buffer_tell(buffer), 0)
    }
  })

  it('§5.12: 512 bytes at 512 make 1024', () => {
    const buffer = buffer_create(512, buffer_grow, 1)
    const text = buffer_base64_encode(bufferOf('ab'.repeat(512)), 0, 512) as string
    buffer_base64_decode_ext(buffer, text, 512)
    assert.is(hex(buffer), '00'.repeat(512) + 'ab'.repeat(512))
  })

  it('decode_ext leaves the neighbours of a data event buffer alone', () => {
    const { buffer, neighbours } = eventBufferOf('0102')
    buffer_base64_decode_ext(buffer, 'aGVsbG8=', 1)
    assert.is(hex(buffer), `01${hello}`)
    assert.is(neighbours(), 'ee'.repeat(16))
  })
})

/** zlib of "hello", made by another program. */
const helloZlib = '789ccb48cdc9c90700062c0215'

spec('zlib', (it) => {
  it('§7.3: decompresses what others have compressed', () => {
    for (const kind of kinds) {
      const buffer = buffer_decompress(bufferOf(helloZlib, kind))
      assert.is(hex(buffer), hello)
      assert.is(buffer_get_used_size(buffer), 5)
      assert.is(buffer_tell(buffer), 0)
    }
    assert.is(hex(buffer_decompress(eventBufferOf(helloZlib).buffer)), hello)
  })

  it('M15: what is compressed can be decompressed', () => {
    for (const kind of kinds) {
      const source = bufferOf('0102030405'.repeat(400), kind)
      const packed = buffer_compress(source, 0, 2000)
      assert.ok(buffer_get_size(packed) < 100)
      assert.is(buffer_get_used_size(packed), buffer_get_size(packed))
      assert.match(hex(packed), /^78/)
      assert.is(hex(buffer_decompress(packed)), '0102030405'.repeat(400))
      assert.is(hex(source), '0102030405'.repeat(400))
    }
  })

  it('M15: garbage gives -1', () => {
    for (const bytes of ['deadbeefdeadbeef', '00', helloZlib.slice(0, -2)])
      assert.is(buffer_decompress(bufferOf(bytes)), -1)
    assert.is(buffer_decompress(buffer_create(0, buffer_grow, 1)), -1)
  })

  it('§5.12: takes the range that is asked for, brought inside', () => {
    const source = bufferOf(`00${hello}00`)
    assert.is(hex(buffer_decompress(buffer_compress(source, 1, 5))), hello)
    assert.is(hex(buffer_decompress(buffer_compress(source, 1, -1))), `${hello}00`)
  })

  it('§5.12: gives -1 for nothing', () => {
    assert.is(buffer_compress(buffer_create(0, buffer_grow, 1), 0, -1), -1)
    assert.is(buffer_compress(bufferOf('00'), 0, 0), -1)
  })

  it('§5.12: decompresses the used bytes', () => {
    const buffer = buffer_create(64, buffer_fixed, 1)
    for (const byte of Buffer.from(helloZlib, 'hex')) buffer_write(buffer, buffer_u8, byte)
    assert.is(hex(buffer_decompress(buffer)), hello)
  })

  it('setting decompress_bytes_max: a larger result is a failure', () => {
    const packed = buffer_compress(bufferOf('00'.repeat(1000)), 0, 1000)
    withSetting('decompress_bytes_max', 999, () => assert.is(buffer_decompress(packed), -1))
    withSetting('decompress_bytes_max', 1000, () => {
      assert.is(buffer_get_size(buffer_decompress(packed)), 1000)
    })
  })
})
