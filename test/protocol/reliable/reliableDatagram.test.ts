import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { crc32 } from '../../../src/buffer/crc32.ts'
import {
  closeOpening,
  createAck,
  createData,
  readReliable,
} from '../../../src/protocol/reliable/reliableDatagram.ts'
import { spec } from '../../spec.ts'

const session = 0x11223344
const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** 0, 1, 2 … 250, 0, 1 …: 1,190 bytes, a message of two datagrams. */
const pattern = Uint8Array.from({ length: 1_190 }, (_, at) => at % 251)
const patternHex = hexOf(pattern)

interface Golden {
  readonly title: string
  readonly hex: string
  readonly session: number
  readonly sequence: number
  readonly index: number
  readonly isOpening: boolean
  readonly isLast: boolean
  readonly payload: Uint8Array
}

// By hand from docs/protocol.md; the checksums are those of Python's zlib.crc32.
const goldenData: readonly Golden[] = [
  {
    title: 'a message in one datagram',
    hex: '20dd2924 44332211 0000 0060 6869',
    session,
    sequence: 0,
    index: 0,
    isOpening: true,
    isLast: true,
    payload: bytesOf('6869'),
  },
  {
    title: 'an empty message, the last number before 0, not opening',
    hex: '5645e192 44332211 ffff 0040',
    session,
    sequence: 0xffff,
    index: 0,
    isOpening: false,
    isLast: true,
    payload: new Uint8Array(0),
  },
  {
    title: 'the first of two fragments',
    hex: `353de9b0 44332211 0100 0020 ${patternHex.slice(0, 2 * 1_188)}`,
    session,
    sequence: 1,
    index: 0,
    isOpening: true,
    isLast: false,
    payload: pattern.subarray(0, 1_188),
  },
  {
    title: 'the last of two fragments',
    hex: '850cb6d6 44332211 0200 0160 b8b9',
    session,
    sequence: 2,
    index: 1,
    isOpening: true,
    isLast: true,
    payload: bytesOf('b8b9'),
  },
  {
    title: 'the highest index and session, in the middle of a message',
    hex: `5db09097 ffffffff 3412 ff1f ${patternHex.slice(0, 2 * 1_188)}`,
    session: 0xffffffff,
    sequence: 0x1234,
    index: 8_191,
    isOpening: false,
    isLast: false,
    payload: pattern.subarray(0, 1_188),
  },
  {
    title: 'the highest index as the last, session 0',
    hex: '19feaf2f 00000000 0000 ff5f 00',
    session: 0,
    sequence: 0,
    index: 8_191,
    isOpening: false,
    isLast: true,
    payload: bytesOf('00'),
  },
]

const goldenAcks = [
  { hex: 'fab51869 44332211 0000 0080', session, sequence: 0, bits: 0 },
  { hex: 'b22e3ce8 44332211 0200 0380', session, sequence: 2, bits: 3 },
  { hex: 'ba739f6a 44332211 1000 ffff', session, sequence: 16, bits: 0x7fff },
  { hex: '211013c5 efbeadde 0180 01c0', session: 0xdeadbeef, sequence: 0x8001, bits: 0x4001 },
]

/** The checksum of RFC 1952 bit by bit, for datagrams that are wrong in another way. */
function seal(rest: Uint8Array): Uint8Array {
  let crc = ~0
  for (const byte of [0x42, 0x4e, 0x52, 0x31, ...rest]) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320
  }
  const bytes = new Uint8Array(4 + rest.length)
  new DataView(bytes.buffer).setUint32(0, ~crc >>> 0, true)
  bytes.set(rest, 4)
  return bytes
}

spec('datagrams of reliable UDP', (it) => {
  it('has the checksum of zip', () => {
    const digits = Uint8Array.from('123456789', (digit) => digit.charCodeAt(0))
    assert.is(crc32(0, digits, 0), 0xcbf43926)
    assert.is(crc32(0, new Uint8Array(0), 0), 0)
    assert.is(crc32(crc32(0, digits.subarray(0, 4), 0), digits, 4), 0xcbf43926)
  })

  for (const { title, hex, payload, ...fields } of goldenData) {
    const bytes = bytesOf(hex)

    it(`writes and reads ${title}`, () => {
      const { sequence, index, isOpening, isLast } = fields
      const written = createData(fields.session, sequence, index, isOpening, isLast, payload)
      assert.is(hexOf(written), hexOf(bytes))
      const { payload: read, ...rest } = readReliable(bytes) as Golden & { kind: string }
      assert.equal(rest, { kind: 'data', ...fields })
      assert.is(hexOf(read), hexOf(payload))
    })
  }

  it('writes and reads acknowledgements', () => {
    for (const { hex, ...fields } of goldenAcks) {
      const written = createAck(fields.session, fields.sequence, fields.bits)
      assert.is(hexOf(written), hexOf(bytesOf(hex)))
      assert.equal(readReliable(bytesOf(hex)), { kind: 'ack', ...fields })
    }
  })

  it('keeps the low 16 bits of a sequence number', () => {
    const bytes = createData(session, 0x5ffff, 0, false, true, new Uint8Array(0))
    assert.is(hexOf(bytes), '5645e19244332211ffff0040')
  })

  it('takes the bit "opening" out of a copy', () => {
    const opening = createData(session, 0xffff, 0, true, true, new Uint8Array(0))
    const before = hexOf(opening)
    assert.is(hexOf(closeOpening(opening)), '5645e19244332211ffff0040')
    assert.is(hexOf(opening), before)
  })

  it('refuses a datagram with any bit flipped, and any beginning of it', () => {
    for (const hex of [...goldenData.map((golden) => golden.hex), goldenAcks[1]!.hex]) {
      const bytes = bytesOf(hex)
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        bytes[bit >> 3]! ^= 1 << (bit & 7)
        assert.is(readReliable(bytes), undefined, `bit ${bit} of ${hex.slice(0, 40)}`)
        bytes[bit >> 3]! ^= 1 << (bit & 7)
      }
      for (let size = 0; size < bytes.length; size++)
        assert.is(readReliable(bytes.subarray(0, size)), undefined, `${size} bytes`)
      assert.is.not(readReliable(bytes), undefined)
    }
  })

  it('refuses what the checksum allows and the layout does not', () => {
    const data = bytesOf('4433221100000060')
    const ack = bytesOf('4433221100000080')
    const longer = (start: Uint8Array, count: number): Uint8Array =>
      seal(Uint8Array.of(...start, ...new Uint8Array(count)))
    assert.is(readReliable(longer(data, 1_188))?.kind, 'data')
    assert.is(readReliable(longer(data, 1_189)), undefined)
    assert.is(readReliable(longer(ack, 0))?.kind, 'ack')
    assert.is(readReliable(longer(ack, 1)), undefined)
    assert.is(readReliable(seal(data.subarray(0, 7))), undefined)
    assert.is(readReliable(seal(new Uint8Array(0))), undefined)
  })

  it('reads a datagram wherever it stands in its memory', () => {
    const memory = bytesOf(`aabbcc${goldenData[0]!.hex}dd`)
    const read = readReliable(memory.subarray(3, memory.length - 1))
    assert.is(read?.kind === 'data' && hexOf(read.payload), '6869')
  })

  it('reads what it writes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffffffff }),
        fc.integer({ min: 0, max: 0xffff }),
        fc.integer({ min: 0, max: 8_191 }),
        fc.boolean(),
        fc.boolean(),
        fc.uint8Array({ maxLength: 1_188 }),
        fc.integer({ min: 0, max: 0x7fff }),
        (session, sequence, index, isOpening, isLast, payload, bits) => {
          assert.equal(
            readReliable(createData(session, sequence, index, isOpening, isLast, payload)),
            { kind: 'data', session, sequence, index, isOpening, isLast, payload },
          )
          const ack = readReliable(createAck(session, sequence, bits))
          assert.equal(ack, { kind: 'ack', session, sequence, bits })
        },
      ),
      { numRuns: 1_000 },
    )
  })
})
