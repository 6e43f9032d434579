import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { BufferKind } from '../../src/constants/BufferKind.ts'
import { createBuffer, deleteBuffer } from '../../src/buffer/createBuffer.ts'
import { type NetworkBuffer } from '../../src/buffer/NetworkBuffer.ts'
import { seekBuffer, tellBuffer } from '../../src/buffer/seekBuffer.ts'
import { checksumBuffer } from '../../src/content/checksumBuffer.ts'
import { contentRange } from '../../src/content/contentRange.ts'
import { digestBuffer } from '../../src/content/digestBuffer.ts'
import { bufferOf, hex, hexOf, kinds, received, throwsError, wrong } from '../buffer/helpers.ts'
import { spec } from '../spec.ts'

// Computed with Python's hashlib and zlib.
const vectors: [bytes: string, md5: string, sha1: string, checksum: number][] = [
  [
    '61',
    '0cc175b9c0f1b6a831c399e269772661',
    '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8',
    0x17_48_41_bc,
  ],
  [
    '68656c6c6f',
    '5d41402abc4b2a76b9719d911017c592',
    'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d',
    0xc9_ef_59_79,
  ],
  [
    '80ff',
    'e224580aa65579130b9ea72fe66bbb34',
    '6290103200631075988aa3566d8d8922599f8b6d',
    0xa8_a7_9a_c6,
  ],
  [
    '313233343536373839',
    '25f9e794323b453885f5181f1b624d0b',
    'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
    0x34_0b_c6_d9,
  ],
  [
    '00000000',
    'f1d3ff8443297732862df21dc4e57262',
    '9069ca78e7450a285173431b3e52c5c25299e473',
    0xde_bb_20_e3,
  ],
]

const ofNothing = {
  md5: 'd41d8cd98f00b204e9800998ecf8427e',
  sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
}

spec('digestBuffer', (it) => {
  it('gives MD5 and SHA-1 in lower-case hex', () => {
    for (const [bytes, md5, sha1] of vectors)
      for (const kind of kinds) {
        const buffer = bufferOf(bytes, kind)
        seekBuffer(buffer, 0, 1)
        assert.is(digestBuffer(buffer, 'md5'), md5)
        assert.is(digestBuffer(buffer, 'sha1'), sha1)
        assert.is(tellBuffer(buffer), 1)
        assert.is(hex(buffer), bytes)
      }
  })

  it('takes all allocated bytes, used or not', () => {
    assert.is(
      digestBuffer(createBuffer(4, BufferKind.grow), 'md5'),
      'f1d3ff8443297732862df21dc4e57262',
    )
  })

  it('tells an empty range from an empty buffer', () => {
    for (const algorithm of ['md5', 'sha1'] as const) {
      assert.is(digestBuffer(bufferOf('61'), algorithm, 0, 0), ofNothing[algorithm])
      for (const kind of kinds) assert.is(digestBuffer(createBuffer(0, kind), algorithm), undefined)
    }
  })

  it('refuses wrong arguments', () => {
    const buffer = bufferOf('61')
    throwsError(() => digestBuffer(buffer, wrong('md4')), 'TypeError', 'digestBuffer: algorithm')
    throwsError(() => digestBuffer(wrong(1), 'md5'), 'TypeError', 'digestBuffer: buffer')
    throwsError(() => digestBuffer(buffer, 'md5', Number.NaN), 'RangeError', 'offset')
    throwsError(() => digestBuffer(buffer, 'md5', 0, Infinity), 'RangeError', 'size')
    deleteBuffer(buffer)
    throwsError(() => digestBuffer(buffer, 'md5'), 'FreedError', 'digestBuffer')
  })
})

spec('checksumBuffer', (it) => {
  it('gives the CRC-32 without its last step', () => {
    for (const [bytes, , , checksum] of vectors)
      for (const kind of kinds) assert.is(checksumBuffer(bufferOf(bytes, kind)), checksum)
    const usual = ~checksumBuffer(bufferOf('313233343536373839'))! >>> 0
    assert.is(usual, 0xcb_f4_39_26)
  })

  it('gives all bits for no bytes, and nothing for an empty buffer', () => {
    assert.is(checksumBuffer(bufferOf('61'), 0, 0), 0xff_ff_ff_ff)
    for (const kind of kinds) assert.is(checksumBuffer(createBuffer(0, kind)), undefined)
  })

  it('refuses wrong arguments', () => {
    const buffer = bufferOf('61')
    throwsError(() => checksumBuffer(buffer, wrong('0')), 'TypeError', 'checksumBuffer: offset')
    throwsError(() => checksumBuffer(buffer, 0, -Infinity), 'RangeError', 'checksumBuffer: size')
    deleteBuffer(buffer)
    throwsError(() => checksumBuffer(buffer), 'FreedError', 'checksumBuffer')
  })
})

spec('contentRange', (it) => {
  it('brings the range inside', () => {
    const ranges: [offset: number, size: number, bytes: string][] = [
      [0, -1, '01020304'],
      [1, -1, '020304'],
      [1, 2, '0203'],
      [3, 9, '04'],
      [4, 1, '04'],
      [1e300, 1e300, '04'],
      [-3, 2, '0102'],
      [-1e300, -1e300, '01020304'],
      [1.9, 1.9, '02'],
      [2, 0, ''],
    ]
    for (const kind of [BufferKind.fixed, BufferKind.grow, BufferKind.fast])
      for (const [offset, size, bytes] of ranges)
        assert.is(range(bufferOf('01020304', kind), offset, size), bytes, `${offset}, ${size}`)
  })

  it('goes round in wrap kinds', () => {
    const ranges: [offset: number, size: number, bytes: string][] = [
      [0, -1, '01020304'],
      [1, -1, '02030401'],
      [3, 2, '0401'],
      [-1, 3, '040102'],
      [6, 9, '030401020304010203'],
      [4, 1, '01'],
      [2, 0, ''],
    ]
    for (const [offset, size, bytes] of ranges)
      assert.is(
        range(bufferOf('01020304', BufferKind.wrap), offset, size),
        bytes,
        `${offset}, ${size}`,
      )
    const ring = bufferOf('01', BufferKind.wrap)
    throwsError(() => contentRange('test', ring, 0, 2147483648), 'RangeError', 'test: size')
  })

  it('keeps to the bytes of a received buffer', () => {
    const { buffer } = received('01020304')
    assert.is(range(buffer, 0, -1), '01020304')
    assert.is(range(buffer, -5, 100), '01020304')
    assert.is(range(buffer, 3, 100), '04')
  })

  it('is what byte after byte would be', () => {
    const offset = fc.integer({ min: -20, max: 20 })
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 9 }),
        offset,
        offset,
        fc.constantFrom(...kinds),
        (bytes, offset, size, kind) => {
          const expected: number[] = []
          const { length } = bytes
          const begin = Math.min(Math.max(offset, 0), length - 1)
          const count = size < 0 ? length : size
          for (let at = 0; at < count; at++) {
            if (kind === BufferKind.wrap)
              expected.push(bytes[(offset + at + 20 * length) % length]!)
            else if (begin + at < length) expected.push(bytes[begin + at]!)
          }
          assert.is(
            range(bufferOf(hexOf(bytes), kind), offset, size),
            hexOf(Uint8Array.from(expected)),
          )
        },
      ),
      { numRuns: 1000 },
    )
  })
})

function range(buffer: NetworkBuffer, offset: number, size: number): string {
  return hexOf(contentRange('test', buffer, offset, size) ?? new Uint8Array())
}
