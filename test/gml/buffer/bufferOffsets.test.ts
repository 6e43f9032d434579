import * as assert from 'uvu/assert'
import { type BufferKind } from '../../../src/constants/BufferKind.ts'
import { buffer_create } from '../../../src/gml/buffer/bufferCreation.ts'
import {
  buffer_get_size,
  buffer_get_used_size,
  buffer_resize,
} from '../../../src/gml/buffer/bufferProperties.ts'
import {
  buffer_peek,
  buffer_poke,
  buffer_read,
  buffer_seek,
  buffer_tell,
  buffer_write,
} from '../../../src/gml/buffer/bufferReadWrite.ts'
import {
  buffer_f16,
  buffer_fast,
  buffer_fixed,
  buffer_grow,
  buffer_seek_end,
  buffer_seek_relative,
  buffer_seek_start,
  buffer_string,
  buffer_text,
  buffer_u16,
  buffer_u32,
  buffer_u64,
  buffer_u8,
  buffer_wrap,
} from '../../../src/gml/constants.ts'
import { throwsError, wrong } from '../../buffer/helpers.ts'
import { spec } from '../../spec.ts'
import { bufferOf, eventBufferOf, hex, kinds } from './bufferHelpers.ts'
import { withSetting } from '../withSetting.ts'

const b = buffer_create

/** A buffer with its position at 10, behind its end. */
function beyond(size: number, kind: BufferKind): number {
  const buffer = b(size, kind, 1)
  withSetting('seek', 'free', () => buffer_seek(buffer, buffer_seek_start, 10))
  return buffer
}

spec('buffer_peek', (it) => {
  it('M6: gives undefined beyond the end', () => {
    const buffer = bufferOf('01020304')
    assert.is(buffer_peek(buffer, 4, buffer_u8), undefined)
    assert.is(buffer_peek(buffer, 3, buffer_u16), undefined)
    assert.is(buffer_peek(buffer, 1e300, buffer_u8), undefined)
    const value: number | undefined = buffer_peek(buffer, 2, buffer_u16)
    assert.is(value, 0x0403)
    assert.is(buffer_tell(buffer), 0)
  })

  it('§5.6: gives undefined before the start, in wrap buffers too', () => {
    for (const kind of kinds)
      assert.is(buffer_peek(bufferOf('01020304', kind), -1, buffer_u8), undefined)
  })

  it('§5.6: a text at the size is empty, behind it undefined', () => {
    const buffer = bufferOf('6162')
    for (const type of [buffer_string, buffer_text] as const) {
      assert.is(buffer_peek(buffer, 2, type), '')
      assert.is(buffer_peek(buffer, 3, type), undefined)
    }
  })

  it('§5.6: a wrap buffer takes the offset modulo its size and goes on at its start', () => {
    const buffer = bufferOf('01020304', buffer_wrap)
    assert.is(buffer_peek(buffer, 5, buffer_u8), 2)
    assert.is(buffer_peek(buffer, 3, buffer_u16), 0x0104)
  })

  it('§5.6: u32 is a number, and alignment plays no part', () => {
    assert.is(buffer_peek(bufferOf('00ffffffff00', buffer_fixed, 4), 1, buffer_u32), 4294967295)
  })
})

spec('buffer_poke', (it) => {
  it('§5.6: writes without moving and raises the used size', () => {
    const buffer = b(4, buffer_fixed, 4)
    assert.is(buffer_poke(buffer, 1, buffer_u16, 0x0201), undefined)
    assert.is(hex(buffer), '00010200')
    assert.is(buffer_tell(buffer), 0)
    assert.is(buffer_get_used_size(buffer), 3)
  })

  it('§5.6: never grows a buffer, and writes nothing outside', () => {
    for (const kind of [buffer_fixed, buffer_grow] as const) {
      const buffer = b(1, kind, 1)
      assert.is(buffer_poke(buffer, 0, buffer_u64, 1), -2)
      assert.is(buffer_poke(buffer, -1, buffer_u8, 1), -2)
      assert.is(buffer_poke(buffer, 1, buffer_u8, 1), -2)
      assert.is(hex(buffer), '00')
      assert.is(buffer_tell(buffer), 0)
    }
  })

  it('§5.6: takes halves, and texts as UTF-8 if they fit', () => {
    const buffer = b(4, buffer_grow, 1)
    buffer_poke(buffer, 0, buffer_f16, 1)
    assert.is(hex(buffer), '003c0000')
    buffer_poke(buffer, 1, buffer_string, 'é')
    assert.is(hex(buffer), '00c3a900')
    assert.is(buffer_poke(buffer, 2, buffer_string, 'é'), -2)
    assert.is(hex(buffer), '00c3a900')
  })

  it('refuses what buffer_write refuses', () => {
    assert.is(buffer_poke(b(4, buffer_fast, 1), 0, buffer_u16, 1), -4)
    assert.is(buffer_poke(b(4, buffer_fixed, 1), 0, buffer_u16, 'x'), -4)
    assert.is(buffer_poke(b(4, buffer_fixed, 1), 0, wrong(99), 1), -4)
  })

  it('goes around the end of a wrap buffer', () => {
    const buffer = b(4, buffer_wrap, 1)
    buffer_poke(buffer, 7, buffer_u16, 0x0201)
    assert.is(hex(buffer), '02000001')
  })
})

spec('buffer_seek', (it) => {
  const { start, relative, end } = {
    start: buffer_seek_start,
    relative: buffer_seek_relative,
    end: buffer_seek_end,
  } as const

  it('§5.7: every place from 0 to the size, from both ends, for all kinds', () => {
    for (const kind of kinds) {
      const buffer = b(64, kind, 1)
      for (let place = 0; place <= 64; place++) {
        assert.is(buffer_seek(buffer, start, place), place)
        assert.is(buffer_tell(buffer), place)
        assert.is(buffer_seek(buffer, end, place), 64 - place)
        assert.is(buffer_tell(buffer), 64 - place)
      }
      buffer_seek(buffer, start, 32)
      assert.is(buffer_seek(buffer, relative, 10), 42)
      assert.is(buffer_seek(buffer, relative, -20), 22)
    }
  })

  // Base, offset, then the new position in a buffer of 64 bytes at 32: clamped, in a wrap buffer, free.
  const table: [string, 0 | 1 | 2, number, number, number, number][] = [
    ['M5: start', start, -5, 0, 59, 0],
    ['M5: start', start, 74, 64, 10, 74],
    ['start', start, 2.9, 2, 2, 2],
    ['start', start, -0.5, 0, 0, 0],
    ['start', start, 1e300, 64, 1e300 % 64, 2147483647],
    ['relative', relative, 100, 64, 4, 132],
    ['relative', relative, -100, 0, 60, 0],
    ['end', end, 10, 54, 54, 54],
    ['end', end, -10, 64, 10, 64],
    ['end', end, 100, 0, 28, 0],
  ]
  for (const [what, base, offset, clamped, wrapped, free] of table)
    it(`§5.7: ${what} ${offset}`, () => {
      for (const kind of kinds) {
        const buffer = b(64, kind, 1)
        const seek = (): number => {
          buffer_seek(buffer, start, 32)
          return buffer_seek(buffer, base, offset)
        }
        const expected = kind === buffer_wrap ? wrapped : clamped
        assert.is(seek(), expected)
        assert.is(buffer_tell(buffer), expected)
        withSetting('seek', 'free', () => assert.is(seek(), free))
        assert.is(buffer_tell(buffer), free)
      }
    })

  it('takes an event buffer too', () => {
    const { buffer } = eventBufferOf('010203')
    assert.is(buffer_seek(buffer, end, 1), 2)
    assert.is(buffer_read(buffer, buffer_u8), 3)
  })
})

spec('setting seek', (it) => {
  it('§5.3: a write behind the end grows a grow buffer, and the gap is zero', () => {
    const buffer = beyond(4, buffer_grow)
    assert.is(buffer_write(buffer, buffer_u8, 1), 0)
    assert.is(buffer_get_size(buffer), 16)
    assert.is(buffer_tell(buffer), 11)
    assert.is(buffer_get_used_size(buffer), 11)
    assert.is(hex(buffer), `${'00'.repeat(10)}01${'00'.repeat(5)}`)
    const clamped = b(4, buffer_grow, 1)
    assert.is(buffer_seek(clamped, buffer_seek_start, 10), 4)
    buffer_write(clamped, buffer_u8, 1)
    assert.is(hex(clamped), '0000000001000000')
  })

  it('§5.3: a text behind the end grows it too', () => {
    const buffer = beyond(4, buffer_grow)
    assert.is(buffer_write(buffer, buffer_string, 'ab'), 0)
    assert.is(hex(buffer), `${'00'.repeat(10)}616200${'00'.repeat(3)}`)
  })

  it('a write behind the end of the other kinds has no room', () => {
    for (const kind of [buffer_fixed, buffer_fast] as const) {
      const buffer = beyond(4, kind)
      assert.is(buffer_write(buffer, buffer_u8, 1), -2)
      assert.is(hex(buffer), '00000000')
    }
    const far = b(4, buffer_grow, 1)
    withSetting('seek', 'free', () => buffer_seek(far, buffer_seek_start, 2 ** 40))
    assert.is(buffer_write(far, buffer_u8, 1), -2)
    assert.is(buffer_get_size(far), 4)
  })

  it('a read behind the end is past the end', () => {
    for (const kind of [buffer_fixed, buffer_grow, buffer_fast] as const) {
      const buffer = beyond(4, kind)
      throwsError(() => buffer_read(buffer, buffer_u8), 'RangeError', 'position 10')
      assert.is(buffer_read(buffer, buffer_string), '')
      withSetting('past_end', 'result', () => {
        assert.is(buffer_read(buffer, buffer_u8), -3)
        assert.is(buffer_read(buffer, buffer_text), -3)
      })
    }
  })

  it('a wrap buffer goes around as often as needed', () => {
    const buffer = beyond(4, buffer_wrap)
    assert.is(buffer_write(buffer, buffer_u8, 1), 0)
    assert.is(hex(buffer), '00000100')
    assert.is(buffer_tell(buffer), 3)
    for (const size of [1, 3, 64]) {
      const far = b(size, buffer_wrap, 4)
      withSetting('seek', 'free', () => buffer_seek(far, buffer_seek_start, 1e300))
      assert.is(buffer_write(far, buffer_u32, 1), 0)
      assert.ok(buffer_tell(far) <= size)
    }
  })

  it('a resized buffer counts the position as used', () => {
    const buffer = beyond(4, buffer_fixed)
    buffer_resize(buffer, 12)
    assert.is(buffer_get_used_size(buffer), 10)
  })
})
