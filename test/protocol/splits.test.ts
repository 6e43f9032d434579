import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'
import {
  byteByByte,
  bytesOf,
  cutAt,
  decode,
  decodeSecond,
  failed,
  hexOf,
  joinBytes,
  joinEvents,
  packet,
  type Role,
  roles,
  type Setting,
  type StreamEvent,
} from './trace.ts'

const header = 'dec0adde0c000000'
/** The beginning of a header: all that 5 bytes can hold. */
const five = 'dec0adde0c'
/** A whole packet stands in it, and the header of one that would reach beyond its end. */
const threeHundred = `${header}0500000068656c6c6f${'a5'.repeat(271)}${header}ffff0000`

/** Packets of 0, 1, 5 and 300 bytes. */
const packets = bytesOf(
  `${header}00000000`,
  `${header}0100000007`,
  `${header}05000000${five}`,
  `${header}2c010000${threeHundred}`,
)

const packetEvents = [packet(''), packet('07'), packet(five), packet(threeHundred)]

/** A handshake and four packets. */
function conversation(role: Role): Uint8Array {
  return bytesOf(hexOf(joinBytes(role)), hexOf(packets))
}

/** These chunks mean exactly this. */
function checked(
  setting: Setting,
  expected: readonly StreamEvent[],
): (...chunks: Uint8Array[]) => void {
  const wanted = JSON.stringify(expected)
  return (...chunks) => {
    const got = decode(setting, chunks)
    if (JSON.stringify(got) !== wanted) {
      const sizes = chunks.map((chunk) => chunk.length).join(' + ')
      assert.equal(got, expected, `in chunks of ${sizes}`)
    }
  }
}

/** Runs `check` with every way to make two chunks of `bytes`. */
function inTwo(bytes: Uint8Array, check: (...chunks: Uint8Array[]) => void): void {
  for (let place = 0; place <= bytes.length; place++) check(...cutAt(bytes, place))
}

/** Runs `check` with every way to make three chunks of `bytes`. */
function inThree(bytes: Uint8Array, check: (...chunks: Uint8Array[]) => void): void {
  for (let first = 1; first < bytes.length; first++)
    for (let second = first + 1; second < bytes.length; second++)
      check(...cutAt(bytes, first, second))
}

spec('splits :: a handshake and four packets', (it) => {
  for (const role of roles) {
    const bytes = conversation(role)
    const expected = [...joinEvents(role), ...packetEvents]
    const check = checked({ role, limit: 300 }, expected)

    it(`${role}: W1, W2: in one chunk, in two, and byte by byte`, () => {
      assert.is(packets.length, 4 * 12 + 306)
      check(bytes)
      inTwo(bytes, check)
      check(...byteByByte(bytes))
      assert.equal(decodeSecond({ role }, byteByByte(bytes)), expected)
    })

    it(`${role}: W1, W2: in three chunks`, () => inThree(bytes, check))

    it(`${role}: in chunks of every size`, () => {
      for (let size = 2; size < bytes.length; size++) {
        const places = Array.from({ length: Math.ceil(bytes.length / size) - 1 }, (_, index) => {
          return (index + 1) * size
        })
        check(...cutAt(bytes, ...places))
      }
    })
  }
})

spec('splits :: a connection that the peer breaks', (it) => {
  for (const role of roles) {
    const before = [...joinEvents(role), ...packetEvents]

    it(`${role}: malformed bytes under the policy close`, () => {
      const bytes = bytesOf(hexOf(conversation(role)), 'dec0adde0d000000', '00000000')
      const check = checked({ role, policy: 'close' }, [...before, failed('malformed')])
      inTwo(bytes, check)
      check(...byteByByte(bytes))
    })

    it(`${role}: a packet above the limit`, () => {
      const bytes = bytesOf(hexOf(conversation(role)), header, '2d010000', '00'.repeat(20))
      const check = checked({ role, limit: 300 }, [...before, failed('tooLarge')])
      inTwo(bytes, check)
      check(...byteByByte(bytes))
    })

    it(`${role}: a wrong byte in the handshake`, () => {
      const bytes = conversation(role)
      bytes[role === 'server' ? 11 : 29]! ^= 0x80
      const replied = role === 'server' ? [] : before.slice(0, 1)
      const check = checked({ role }, [...replied, failed('handshake')])
      inTwo(bytes, check)
      check(...byteByByte(bytes))
    })
  }
})

spec('splits :: raw mode', (it) => {
  for (const role of roles) {
    const bytes = conversation(role)
    const whole = hexOf(bytes)
    const check = (...chunks: Uint8Array[]): void => {
      const events = decode({ role, raw: true, limit: 1 }, chunks)
      const all = events.map((event) => (event.kind === 'raw' ? event.hex : event.kind)).join('')
      if (all !== whole) assert.is(all, whole)
    }

    it(`${role}: the concatenation is what was sent, however it is cut`, () => {
      check(bytes)
      inTwo(bytes, check)
      inThree(bytes.subarray(0, 60), (...chunks) => check(...chunks, bytes.subarray(60)))
      check(...byteByByte(bytes))
    })

    it(`${role}: each chunk is handed over as it is`, () => {
      const chunks = cutAt(bytes, 3, 40, 41)
      const expected = chunks.map((chunk) => ({ kind: 'raw', hex: hexOf(chunk) }))
      for (const policy of ['discard', 'raw', 'close'] as const) {
        assert.equal(decode({ role, raw: true, policy }, chunks), expected)
        assert.equal(decodeSecond({ role, raw: true, policy }, chunks), expected)
      }
    })
  }
})
