import * as assert from 'uvu/assert'
import { createBitReader, isAtEnd, startBits } from '../../src/bits/BitReader.ts'
import { alignBits, bitsWritten, createBitWriter } from '../../src/bits/BitWriter.ts'
import { cutText } from '../../src/replication/cutText.ts'
import { type FieldType } from '../../src/replication/FieldType.ts'
import {
  angle,
  bits,
  bool,
  f32,
  f64,
  i16,
  i32,
  i8,
  oneOf,
  quaternion,
  range,
  ref,
  relation,
  text,
  u16,
  u32,
  u8,
} from '../../src/replication/fieldTypes.ts'
import {
  dequantise,
  dequantiseDouble,
  isHeld,
  quantise,
  quantiseDouble,
} from '../../src/replication/quantise.ts'
import { quantiseColumn } from '../../src/replication/quantiseColumn.ts'
import { dequantiseQuaternion, quantiseQuaternion } from '../../src/replication/quaternions.ts'
import { readDifference, readWhole } from '../../src/replication/readValue.ts'
import { packTargets, targetAt, targetCount } from '../../src/replication/relationText.ts'
import { writeDifference, writeWhole } from '../../src/replication/writeValue.ts'
import { mulberry32 } from '../lib/random.ts'
import { rowSeed } from '../lib/row.ts'
import { spec } from '../spec.ts'

const random = mulberry32(rowSeed)
const below = (limit: number): number => Math.floor(random() * limit)
const one = <Value>(values: readonly Value[]): Value => values[below(values.length)]!

const types: readonly FieldType[] = [
  bool,
  u8,
  i8,
  u16,
  i16,
  u32,
  i32,
  bits(1),
  bits(13),
  bits(32),
  oneOf('a', 'b', 'c'),
  f32,
  f64,
  range(0, 1_600, 1 / 16),
  range(-1, 1, 0.5),
  range(0, 2 ** 31 - 1, 1),
  angle(2),
  angle(10),
  angle(24),
  quaternion(4),
  quaternion(9),
  quaternion(20),
  ref,
  text(1),
  text(40),
  relation,
]

/** Random integers and text of a value; near those of before now and then. */
function drawValue(type: FieldType, before?: Value): Value {
  const ints = new Int32Array(4)
  if (type.kind === 'text')
    return { ints, texts: [cutText(one(['', 'ab', 'Å', '😀é', 'x'.repeat(60)]), type.bytesMax)] }
  if (type.kind === 'relation') {
    const targets = new Set(Array.from({ length: below(9) }, () => 1 + below(2 ** 32 - 1)))
    const list = Uint32Array.from(targets, (id) => ((id & 0xfffff) === 0 ? id + 1 : id))
    return { ints, texts: [packTargets(list, list.length, '')] }
  }
  if (type.kind === 'ref') ints[0] = one([0, 1 + below(0xfffff) + 2 ** 20 * below(4_096)])
  else if (type.kind === 'f32' || type.kind === 'f64')
    ints.set([below(2 ** 32), type.kind === 'f64' ? below(2 ** 32) : 0])
  else if (type.kind === 'quaternion') {
    const parts = [1, 2, 3].map((at) => near(type, before?.ints[at]))
    ints.set([before === undefined || random() < 0.3 ? below(4) : before.ints[0]!, ...parts])
  } else ints[0] = near(type, before?.ints[0])
  return { ints, texts: [''] }
}

function near({ low, high }: FieldType, before: number | undefined): number {
  if (before === undefined || random() < 0.2) return one([low, high, low + below(high - low + 1)])
  const most = one([1, 10, 100, 1_000, 10_000])
  return Math.min(high, Math.max(low, before + below(2 * most + 1) - most))
}

interface Value {
  readonly ints: Int32Array
  readonly texts: string[]
}

function bytesOf(write: (writer: ReturnType<typeof createBitWriter>) => void) {
  const writer = createBitWriter(8_192)
  write(writer)
  const size = bitsWritten(writer)
  return { size, bytes: writer.bytes.slice(0, alignBits(writer)) }
}

function hexOf(write: (writer: ReturnType<typeof createBitWriter>) => void): string {
  return Buffer.from(bytesOf(write).bytes).toString('hex')
}

function readerOf(bytes: Uint8Array) {
  const reader = createBitReader()
  startBits(reader, bytes, 0)
  return reader
}

spec(`values :: on the wire, SEED=${rowSeed}`, (it) => {
  for (const type of types) {
    it(`${type.text} comes back, whole`, () => {
      for (let round = 0; round < 300; round++) {
        const value = drawValue(type)
        const { bytes } = bytesOf((writer) =>
          writeWhole(writer, type, value.ints, 0, value.texts, 0),
        )
        const out = { ints: new Int32Array(4), texts: [''] }
        const reader = readerOf(bytes)
        readWhole(reader, type, out.ints, 0, out.texts, 0)
        assert.ok(isAtEnd(reader))
        assert.equal(out, value)
      }
    })

    it(`${type.text} comes back, as a difference`, () => {
      for (let round = 0; round < 600; round++) {
        const base = drawValue(type)
        const value = drawValue(type, base)
        const isSame = String(value.ints) === String(base.ints) && value.texts[0] === base.texts[0]
        if (isSame) continue
        const { bytes } = bytesOf((writer) =>
          writeDifference(writer, type, value.ints, 0, base.ints, 0, value.texts, 0),
        )
        const out = { ints: new Int32Array(4), texts: [''] }
        const reader = readerOf(bytes)
        readDifference(reader, type, out.ints, 0, base.ints, 0, out.texts, 0)
        assert.ok(isAtEnd(reader), `${String(value.ints)} of ${String(base.ints)}`)
        assert.equal(out, value)
      }
    })
  }

  it('is as the page says', () => {
    const whole = (type: FieldType, ...ints: number[]): string =>
      hexOf((writer) => writeWhole(writer, type, Int32Array.from(ints), 0, [], 0))
    // By hand.
    assert.is(whole(bool, 1), '01')
    assert.is(whole(i8, -2), 'fe')
    assert.is(whole(u16, 0x1234), '3412')
    assert.is(whole(range(0, 1_600, 1 / 16), 25_600), '0064')
    assert.is(whole(f32, 0x3f800000), '0000803f')
    // Largest 2, then 1, 2 and 3 in 4 bits each: 2 + (1 << 2) + (2 << 6) + (3 << 10).
    assert.is(whole(quaternion(4), 2, 1, 2, 3), '860c')
    // Slot 5 in 0 and 4 bits, generation 1 in 12: (5 << 1) + (1 << 5).
    assert.is(whole(ref, 5 + 2 ** 20), '2a0000')
    // Length 2 in 3 bits, then "hi".
    assert.is(
      hexOf((writer) => writeWhole(writer, text(5), new Int32Array(0), 0, ['hi'], 0)),
      '424b03',
    )
  })

  it('is refused outside of its limits', () => {
    for (const [type, hex] of [
      [range(0, 4, 1), '05'],
      [oneOf('a', 'b', 'c'), '03'],
      [quaternion(4), '3e00'],
      [text(4), '05414141414100'],
      [text(4), '01ff'],
      // Malformed bytes that are as many as those of U+FFFD; and a surrogate pair in six that makes up for what ff lacks.
      [text(255), '03f09f9a'],
      [text(255), '07ffeda0bdedb880'],
    ] as const) {
      const reader = readerOf(Buffer.from(hex, 'hex'))
      readWhole(reader, type, new Int32Array(4), 0, [''], 0)
      assert.ok(reader.failed, `${type.text} ${hex}`)
    }
  })

  it('is refused if a shorter form was there', () => {
    // 111, then 1 in 16 bits, of a base of 0.
    const reader = readerOf(Buffer.from('0f0000', 'hex'))
    readDifference(reader, u16, new Int32Array(1), 0, new Int32Array(1), 0, [], 0)
    assert.ok(reader.failed)
  })

  it('of 32 bits goes around', () => {
    const [value, base] = [Int32Array.of(-0x80000000), Int32Array.of(0x7fffffff)]
    const { size } = bytesOf((writer) => writeDifference(writer, u32, value, 0, base, 0, [], 0))
    assert.is(size, 5)
  })
})

spec('values :: of users', (it) => {
  it('are rounded to steps and brought inside', () => {
    const type = range(0, 1_600, 1 / 16)
    for (const [value, int] of [
      [0, 0],
      [0.03, 0],
      [0.04, 1],
      [1_600, 25_600],
      [5_000, 25_600],
      [-1, 0],
      [NaN, 0],
      [Infinity, 0],
      [-Infinity, 0],
    ] as const)
      assert.is(quantise(type, value), int, `${value}`)
    assert.is(dequantise(type, 17), 1.0625)
    assert.is(dequantise(range(0, 1, 0.3), 3), 0.8999999999999999)
    assert.is(quantise(range(-1, 1, 0.5), -0.75), 1)
    assert.not.ok(isHeld(type, NaN))
    assert.ok(isHeld(f32, NaN))
  })

  it('are integers where the type says so', () => {
    for (const [type, value, int] of [
      [u8, 300, 255],
      [u8, -1, 0],
      [u8, 1.5, 2],
      [i8, -200, -128],
      [i16, NaN, 0],
      [u32, 4_294_967_295, -1],
      [u32, 1e12, -1],
      [u32, 2 ** 31, -(2 ** 31)],
      [bits(32), 4_294_967_294, -2],
      [bits(5), 99, 31],
      [i32, -1e12, -(2 ** 31)],
      [bool, 7, 1],
      [bool, 0, 0],
    ] as const)
      assert.is(quantise(type, value), int, `${type.text} ${value}`)
    assert.is(dequantise(u32, -1), 4_294_967_295)
    assert.is(dequantise(bits(32), -2), 4_294_967_294)
    assert.is(dequantise(i32, -5), -5)
  })

  it('of f32 and f64 are as they were, NaN as one pattern', () => {
    const ints = new Int32Array(2)
    for (const value of [0, -0, 1.5, Infinity, -1e300, 5e-324, NaN]) {
      quantiseDouble(value, ints, 0)
      assert.is(Object.is(dequantiseDouble(ints, 0), value), true, `${value}`)
      const int = quantise(f32, value)
      assert.ok(Object.is(dequantise(f32, int), Math.fround(value)))
    }
    assert.is(quantise(f32, NaN), 0x7fc00000)
  })

  it('wrap if they are angles', () => {
    const type = angle(10)
    for (const turns of [0, 0.25, 0.5, 0.999_9, 1, -0.25, 7.75]) {
      const back = dequantise(type, quantise(type, turns * 2 * Math.PI))
      const off = Math.abs(back / (2 * Math.PI) - (turns - Math.floor(turns)))
      assert.ok(Math.min(off, 1 - off) <= 1 / 2_048 + 1e-9, `${turns}`)
    }
    assert.is(quantise(type, NaN), 0)
    assert.is(quantise(type, Infinity), 0)
  })

  it('come back near, if they are rotations', () => {
    const type = quaternion(9)
    const ints = new Int32Array(4)
    const out = new Float64Array(4)
    for (let round = 0; round < 500; round++) {
      const raw = [0, 0, 0, 0].map(() => random() * 2 - 1)
      const length = Math.hypot(...raw)
      assert.ok(quantiseQuaternion(type, raw[0]!, raw[1]!, raw[2]!, raw[3]!, ints, 0))
      dequantiseQuaternion(type, ints, 0, out, 0)
      const dot = raw.reduce((sum, part, at) => sum + (part / length) * out[at]!, 0)
      assert.ok(Math.abs(dot) > 0.999_98, `${String(raw)} is ${String(out)}`)
    }
    for (const wrong of [0, NaN, Infinity])
      assert.not.ok(quantiseQuaternion(type, wrong, 0, 0, 0, ints, 0))
    dequantiseQuaternion(type, ints, 0, out, 0)
    assert.equal([...out], [0, 0, 0, 1])
  })

  it('are quantised in columns as one by one', () => {
    for (const type of types.filter(({ kind, ints }) => ints === 1 && kind !== 'ref')) {
      const store = Array.from({ length: 50 }, () =>
        one([NaN, Infinity, -Infinity, 0, -1, 1e9 * random(), random(), -2_000 * random()]),
      )
      const entities = store.map((_, at) => at)
      const slots = entities.map((at) => 60 - at)
      const row = new Int32Array(61 * 3)
      const lost = quantiseColumn(type, store, entities, slots, 50, row, 2, 3)
      assert.is(lost, store.filter((value) => !isHeld(type, value)).length)
      for (const at of entities)
        assert.is(row[slots[at]! * 3 + 2], quantise(type, store[at]!), `${type.text} ${store[at]}`)
    }
  })

  it('are cut between characters, if they are texts', () => {
    assert.is(cutText('hello', 5), 'hello')
    assert.is(cutText('hellö', 5), 'hell')
    assert.is(cutText('a😀b', 4), 'a')
    assert.is(cutText('a😀b', 5), 'a😀')
    assert.is(cutText('\ud800x', 40), '\ufffdx')
  })

  it('are lists of net ids in order, if they are targets', () => {
    const packed = packTargets(Uint32Array.of(9, 4_294_967_295, 3), 3, '')
    assert.is(targetCount(packed), 3)
    assert.equal(
      [0, 1, 2].map((at) => targetAt(packed, at)),
      [3, 9, 4_294_967_295],
    )
    assert.is(packTargets(Uint32Array.of(3, 9, 4_294_967_295), 3, packed), packed)
    assert.is(targetCount(packTargets(new Uint32Array(12).fill(1), 12, '')), 8)
  })
})
