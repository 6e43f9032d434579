import * as assert from 'uvu/assert'
import {
  canBeHeader,
  headerBytes,
  isHeader,
  isOnePacket,
  payloadSize,
  writeHeader,
} from '../../src/protocol/packetHeader.ts'
import { secondPacket } from '../lib/SecondDecoder.ts'
import { spec } from '../spec.ts'
import {
  bytesOf,
  createTrace,
  cutAt,
  discarded,
  failed,
  hexOf,
  joinBytes,
  joinEvents,
  packet,
  policies,
  raw,
  roles,
  type StreamEvent,
  tells,
} from './trace.ts'

// Golden bytes: written by hand from docs/protocol.md.
const golden = [
  ['"hello"', 'dec0adde0c00000005000000', '68656c6c6f'],
  ['no payload', 'dec0adde0c00000000000000', ''],
  ['u8 1, s16 37, bool 1', 'dec0adde0c00000004000000', '01250001'],
  ['300 bytes', 'dec0adde0c0000002c010000', 'a5'.repeat(300)],
  ['90,000 bytes', 'dec0adde0c000000905f0100', '5a'.repeat(90_000)],
  ['W8: a header as payload', 'dec0adde0c0000000c000000', 'dec0adde0c00000001000000'],
  ['W8: a packet as payload', 'dec0adde0c00000011000000', 'dec0adde0c0000000500000068656c6c6f'],
] as const

const [[, helloHeader, hello], [, emptyPacket]] = golden

/** An open stream of either role takes these bytes, in chunks, to mean this. */
function means(
  hexes: readonly string[],
  expected: readonly StreamEvent[],
  setting: { policy?: (typeof policies)[number]; limit?: number } = {},
): void {
  for (const role of roles)
    tells(
      { role, ...setting },
      [joinBytes(role), ...hexes.map((hex) => bytesOf(hex))],
      [...joinEvents(role), ...expected],
    )
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer)

spec('packetHeader :: golden bytes', (it) => {
  for (const [name, header, payload] of golden) {
    it(`${name}: is written`, () => {
      const size = payload.length / 2
      const bytes = new Uint8Array(15).fill(0xee)
      writeHeader(viewOf(bytes), 2, size)
      assert.is(hexOf(bytes), `eeee${header}ee`)
      assert.is(hexOf(secondPacket(bytesOf(payload))), header + payload)
    })

    it(`${name}: is read`, () => {
      const view = viewOf(bytesOf('ee', header))
      assert.ok(isHeader(view, 1))
      assert.is(payloadSize(view, 1), payload.length / 2)
      means([header + payload], [packet(payload)])
      means([header, payload], [packet(payload)])
    })
  }

  it('sizes up to 4 GiB − 1 are written and read unsigned', () => {
    for (const [size, hex] of [
      [0x7fffffff, 'ffffff7f'],
      [0x80000000, '00000080'],
      [0xffffffff, 'ffffffff'],
    ] as const) {
      const bytes = new Uint8Array(headerBytes)
      writeHeader(viewOf(bytes), 0, size)
      assert.is(hexOf(bytes), `dec0adde0c000000${hex}`)
      assert.is(payloadSize(viewOf(bytes), 0), size)
    }
  })

  it('the first two words are checked, and nothing else', () => {
    const right = bytesOf('dec0adde0c000000ffffffff')
    for (let count = 0; count <= headerBytes; count++) assert.ok(canBeHeader(right, 0, count))
    for (let place = 0; place < headerBytes; place++)
      for (let bit = 0; bit < 8; bit++) {
        const bytes = right.slice()
        bytes[place]! ^= 1 << bit
        assert.is(isHeader(viewOf(bytes), 0), place >= 8)
        for (let count = 0; count <= headerBytes; count++)
          assert.is(canBeHeader(bytes, 0, count), place >= 8 || count <= place)
      }
  })
})

spec('packetHeader :: one whole packet', (it) => {
  for (const [name, header, payload] of golden.filter(([name]) => !name.includes('a packet as')))
    it(`${name}: is one, and is none with a byte more or less`, () => {
      const whole = bytesOf('ee', header, payload, 'ee')
      assert.ok(isOnePacket(whole, 1, whole.length - 1))
      assert.not(isOnePacket(whole, 1, whole.length))
      assert.not(isOnePacket(whole, 1, whole.length - 2))
      assert.not(isOnePacket(whole, 0, whole.length - 2))
    })

  it('every byte of its header counts', () => {
    const whole = bytesOf('dec0adde0c00000001000000', 'a5')
    for (let place = 0; place < headerBytes; place++) {
      const bytes = whole.slice()
      bytes[place]! ^= 0x80
      assert.not(isOnePacket(bytes, 0, bytes.length), `byte ${place}`)
    }
  })

  it('less than a header is none', () => {
    const header = bytesOf('dec0adde0c000000f4ffffff')
    assert.not(isOnePacket(header, 0, 0))
  })

  it('of 16 MiB is one', () => {
    const bytes = new Uint8Array(headerBytes + 0x0102_0304)
    writeHeader(viewOf(bytes), 0, 0x0102_0304)
    assert.ok(isOnePacket(bytes, 0, bytes.length))
    bytes[11] = 0
    assert.not(isOnePacket(bytes, 0, bytes.length))
  })
})

spec('packets', (it) => {
  it('W2: "hello" cut at each of its 16 inner places is one packet', () => {
    const whole = bytesOf(helloHeader, hello)
    for (let place = 1; place < whole.length; place++)
      means(
        cutAt(whole, place).map((piece) => hexOf(piece)),
        [packet(hello)],
      )
  })

  it('W3: three packets in one chunk come in order', () => {
    const one = 'dec0adde0c0000000100000001'
    const two = 'dec0adde0c000000020000000202'
    const three = 'dec0adde0c00000003000000030303'
    const events = [packet('01'), packet('0202'), packet('030303')]
    means([one + two + three], events)
  })

  it('W3: two and a half packets, then the rest, come in order', () => {
    const one = 'dec0adde0c0000000100000001'
    const two = 'dec0adde0c000000020000000202'
    means(
      [`${one + two}dec0adde0c0000000300000003`, '0303'],
      [packet('01'), packet('0202'), packet('030303')],
    )
  })

  it('W8: a payload of header bytes is intact', () => {
    means(
      ['dec0adde0c0000000c000000dec0adde0c00000001000000'],
      [packet('dec0adde0c00000001000000')],
    )
  })

  it('W9: an empty packet between two packets is a packet', () => {
    const bytes = helloHeader + hello + emptyPacket + helloHeader + hello
    means([bytes], [packet(hello), packet(''), packet(hello)])
    means([emptyPacket.repeat(3)], [packet(''), packet(''), packet('')])
  })

  for (const size of ['0b', '0d', '0a', '10', '00'])
    it(`W10: a header of size 0x${size} is malformed`, () => {
      const wrong = `dec0adde${size}0000000500000068656c6c6f`
      means([wrong], [discarded(17)], { policy: 'discard' })
      means([wrong], [raw(wrong)], { policy: 'raw' })
      means([wrong], [failed('malformed')], { policy: 'close' })
    })

  it('W10: a header size with a wrong high byte is malformed', () => {
    for (const size of ['0c010000', '0c000100', '0c000001'])
      means([`dec0adde${size}00000000`], [discarded(12)])
  })
})

spec('packets :: limit', (it) => {
  it('a payload of exactly the limit is taken', () => {
    for (const policy of policies)
      means([helloHeader + hello], [packet(hello)], { policy, limit: 5 })
  })

  it('a payload of one more ends the connection, under every policy', () => {
    for (const policy of policies) {
      means([helloHeader + hello], [failed('tooLarge')], { policy, limit: 4 })
      means([helloHeader, hello], [failed('tooLarge')], { policy, limit: 4 })
      means([helloHeader.slice(0, 22), '00'], [failed('tooLarge')], { policy, limit: 4 })
    }
  })

  it('the limit is not looked at before the header is whole', () => {
    means([helloHeader.slice(0, 22)], [], { limit: 4 })
  })

  it('a limit of 0 takes empty packets only', () => {
    means([emptyPacket], [packet('')], { limit: 0 })
    means(['dec0adde0c0000000100000000'], [failed('tooLarge')], { limit: 0 })
  })

  it('packets before the large one are delivered, later ones are not', () => {
    const large = 'dec0adde0c00000006000000010203040506'
    for (const tail of ['', emptyPacket, 'ff'])
      means(
        [helloHeader + hello + large + tail, emptyPacket],
        [packet(hello), failed('tooLarge')],
        {
          limit: 5,
        },
      )
  })

  it('W13: 4 MiB is taken, 4 MiB + 1 is not', () => {
    const limit = 4 * 1024 * 1024
    means(['dec0adde0c00000000004000'], [], { limit })
    means(['dec0adde0c00000001004000'], [failed('tooLarge')], { limit })
  })

  it('W13: the size of a large packet is not allocated', () => {
    const { stream, feed, events } = createTrace({ role: 'server', limit: 4 * 1024 * 1024 })
    feed(joinBytes('server'))
    feed(bytesOf('dec0adde0c00000001004000', 'ff'.repeat(100)))
    assert.equal(events.slice(2), [failed('tooLarge')])
    assert.is(stream.assembly.bytes.length, 0)
  })

  it('W13: a size of 4 GiB − 1 is above the limit, whole and cut anywhere', () => {
    const header = bytesOf('dec0adde0c000000ffffffff')
    for (let place = 1; place < header.length; place++)
      means(
        cutAt(header, place).map((piece) => hexOf(piece)),
        [failed('tooLarge')],
        { limit: 64 * 1024 * 1024 },
      )
    means([hexOf(header)], [failed('tooLarge')], { limit: 0xfffffffe })
  })

  it('W13: an allowed size of 4 GiB − 1 takes memory for what is there', () => {
    for (const role of roles) {
      const { stream, feed, events } = createTrace({ role, limit: 0xffffffff })
      feed(joinBytes(role))
      feed(bytesOf('dec0adde0c000000ffffffff'))
      assert.ok(stream.assembly.bytes.length <= 4096)
      feed(new Uint8Array(5000))
      assert.ok(stream.assembly.bytes.length <= 2 * 5012)
      assert.is(stream.assembly.size, 5012)
      assert.equal(events, joinEvents(role))
    }
  })
})
