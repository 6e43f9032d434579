// However a stream is cut, the same comes out of it; and the same as out of a decoder that was written from docs/protocol.md alone.

import * as assert from 'uvu/assert'
import { Draw } from '../fuzz/Draw.ts'
import {
  decodeChecked,
  drawConversation,
  drawCuts,
  drawStreamSetting,
  isSame,
  isWellFormed,
} from '../fuzz/targets/streams.ts'
import { amountOf, figure, rowSeed } from '../lib/row.ts'
import { turns } from '../lib/until.ts'
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

/** Random streams, each of them whole and cut in two ways. */
const randomStreams = amountOf({ test: 2_500, ci: 400_000, soak: 10_000_000 })

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

/** Draws a stream, and compares it whole and cut in two ways; the second decoder gets each too. Returns how it ended. */
function checkRandom(seed: number): string {
  const draw = new Draw(seed)
  const setting = drawStreamSetting(draw)
  const bytes = drawConversation(draw, setting.role, draw.isLucky(0.4) ? 0 : 0.2)
  const whole = decodeChecked(setting, bytes, [])
  for (let left = 2; left > 0; left--) {
    const cuts = drawCuts(draw, bytes.length)
    const cut = decodeChecked(setting, bytes, cuts)
    if (isWellFormed(setting, whole) && !isSame(cut, whole))
      assert.equal(cut, whole, `SEED=${seed}: cut at ${cuts.join(', ')}`)
  }
  const last = whole.at(-1)
  return last?.kind === 'failed' ? last.cause : (last?.kind ?? 'nothing')
}

spec(
  `splits :: random streams, SEED=${rowSeed}`,
  (it) => {
    it(`${randomStreams} streams, each cut in two ways`, async () => {
      const ends = new Map<string, number>()
      for (let index = 0; index < randomStreams; index++) {
        const seed = rowSeed + index
        let end = ''
        try {
          end = checkRandom(seed)
        } catch (error) {
          throw new Error(`SEED=${seed}: ${String(error)}`, { cause: error })
        }
        ends.set(end, (ends.get(end) ?? 0) + 1)
        if (index % 1_000 === 0) await turns()
      }
      const counts = [...ends].map((each) => each.join(' ')).join(', ')
      figure('R-01', `${2 * randomStreams} cut streams, 0 differences; they end with ${counts}`)
      for (const end of ['packet', 'malformed', 'tooLarge', 'handshake', 'discarded', 'raw'])
        assert.ok((ends.get(end) ?? 0) > randomStreams / 500, `too few end with ${end}`)
    })
  },
  Math.max(60_000, randomStreams),
)
