import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { BufferKind } from '../../src/constants/BufferKind.ts'
import { BufferType } from '../../src/constants/BufferType.ts'
import { BadMessageError } from '../../src/errors/BadMessageError.ts'
import { FreedError } from '../../src/errors/FreedError.ts'
import { type BufferMemory, memoryOf } from '../../src/buffer/BufferMemory.ts'
import { type BufferValue } from '../../src/buffer/BufferValue.ts'
import { copyBuffer } from '../../src/buffer/copyBuffer.ts'
import { createBuffer, deleteBuffer } from '../../src/buffer/createBuffer.ts'
import { fillBuffer } from '../../src/buffer/fillBuffer.ts'
import { fillWithValue } from '../../src/buffer/fillWithValue.ts'
import { getBufferBytes, setBufferUsedSize } from '../../src/buffer/getBufferSize.ts'
import { type NetworkBuffer, receivedBuffer } from '../../src/buffer/NetworkBuffer.ts'
import { peekBuffer } from '../../src/buffer/peekBuffer.ts'
import { pokeBuffer } from '../../src/buffer/pokeBuffer.ts'
import { pokeValue } from '../../src/buffer/pokeValue.ts'
import { readBuffer } from '../../src/buffer/readBuffer.ts'
import { resizeBuffer } from '../../src/buffer/resizeBuffer.ts'
import { seekBuffer, tellBuffer } from '../../src/buffer/seekBuffer.ts'
import { writeBuffer } from '../../src/buffer/writeBuffer.ts'
import { writeValue } from '../../src/buffer/writeValue.ts'
import { spec } from '../spec.ts'
import { hex, hexOf, kinds, wrong } from './helpers.ts'

interface Typed {
  type: BufferType
  value: BufferValue
}

const integers = (type: BufferType, min: number, max: number): fc.Arbitrary<Typed> =>
  fc.integer({ min, max }).map((value) => ({ type, value }))

const u8 = integers(BufferType.u8, 0, 255)

/** Values that come back exactly as they went in. */
const exact: fc.Arbitrary<Typed> = fc.oneof(
  u8,
  integers(BufferType.s8, -128, 127),
  integers(BufferType.u16, 0, 65535),
  integers(BufferType.s16, -32768, 32767),
  integers(BufferType.u32, 0, 4294967295),
  integers(BufferType.s32, -2147483648, 2147483647),
  integers(BufferType.f16, -2048, 2048),
  fc.float().map((value) => ({ type: BufferType.f32, value })),
  fc.double().map((value) => ({ type: BufferType.f64, value })),
  fc.boolean().map((value) => ({ type: BufferType.bool, value })),
  fc.bigInt(0n, 2n ** 64n - 1n).map((value) => ({ type: BufferType.u64, value })),
  fc
    .string({ unit: 'binary', maxLength: 40 })
    .map((value) => ({ type: BufferType.string, value: value.replaceAll('\0', '') })),
)

const alignments = fc.constantFrom(1, 2, 4, 8, 64, 1024)

spec('buffer round trips', (it) => {
  it('every kind and alignment gives back what was written', () => {
    const inputs = fc.tuple(
      fc.constantFrom(BufferKind.fixed, BufferKind.grow, BufferKind.wrap),
      alignments,
      fc.array(exact, { maxLength: 12 }),
    )
    fc.assert(
      fc.property(inputs, ([kind, alignment, values]) => {
        roundTrip(createBuffer(kind === BufferKind.grow ? 0 : 14000, kind, alignment), values)
      }),
      { numRuns: 500 },
    )
  })

  it('the fast kind gives back bytes', () => {
    fc.assert(
      fc.property(alignments, fc.array(u8, { maxLength: 12 }), (alignment, values) => {
        roundTrip(createBuffer(14000, BufferKind.fast, alignment), values)
      }),
    )
  })

  it('poke and peek agree at every offset of every kind, across the end of a wrap kind too', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.nat(15),
        exact,
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (kind, offset, { type, value }, noise) => {
          const buffer = createBuffer(16, kind)
          getBufferBytes(buffer).set(noise)
          const before = hex(buffer)
          const result = pokeValue(buffer, offset, type, value)
          assert.is(tellBuffer(buffer), 0)
          if (result < 0) {
            assert.is(hex(buffer), before)
            assert.ok(kind !== BufferKind.wrap)
          } else if (type !== BufferType.string || Buffer.byteLength(String(value)) < 16)
            assert.ok(Object.is(peekBuffer(buffer, offset, type), value))
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('a wrap kind is a ring of bytes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), fc.array(exact), (size, values) => {
        const ring = createBuffer(size, BufferKind.wrap)
        const model = new Uint8Array(size)
        let written = 0
        for (const { type, value } of values) {
          assert.is(writeBuffer(ring, type, value), 0)
          const plain = createBuffer(0, BufferKind.grow)
          writeBuffer(plain, type, value)
          for (let i = 0; i < plain.used; i++)
            model[written++ % size] = getBufferBytes(plain)[i] ?? 0
          assert.is(hex(ring), hexOf(model))
          assert.is(ring.used, Math.min(written, size))
          assert.is(tellBuffer(ring), written === 0 ? 0 : ((written - 1) % size) + 1)
        }
      }),
    )
  })

  it('any bytes read as a text as the platform reads them', () => {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const memory = memoryOf(Uint8Array.of(9, ...bytes, 0x61))
        const buffer = receivedBuffer(memory, 1, bytes.length)
        const nul = bytes.indexOf(0)
        const text = readBuffer(buffer, BufferType.string)
        assert.is(text, decoder.decode(nul < 0 ? bytes : bytes.subarray(0, nul)))
        assert.is(tellBuffer(buffer), nul < 0 ? bytes.length : nul + 1)
      }),
      { numRuns: 1000 },
    )
  })

  it('any text is written as the platform writes it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(40), (text, cut) => {
        // Cutting anywhere leaves lone surrogates.
        const part = text.slice(cut)
        const buffer = createBuffer(0, BufferKind.grow)
        writeBuffer(buffer, BufferType.text, part)
        const bytes = getBufferBytes(buffer).subarray(0, buffer.used)
        const [readable] = part.split('\0')
        assert.is(hexOf(bytes), hexOf(new TextEncoder().encode(readable)))
      }),
    )
  })
})

function roundTrip(buffer: NetworkBuffer, values: Typed[]): void {
  const ends = values.map(({ type, value }) => {
    assert.is(writeBuffer(buffer, type, value), 0)
    return tellBuffer(buffer)
  })
  assert.is(seekBuffer(buffer, 0, 0), 0)
  values.forEach(({ type, value }, i) => {
    const read = readBuffer(buffer, type)
    assert.ok(Object.is(read, value), `type ${type}: ${String(value)} came back as ${String(read)}`)
    assert.is(tellBuffer(buffer), ends[i])
  })
}

const hostileNumber: fc.Arbitrary<number> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -4, max: 40 }) },
  { weight: 1, arbitrary: fc.double({ min: -40, max: 40 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      Number.NaN,
      Infinity,
      -Infinity,
      1e300,
      -1e300,
      -0,
      2 ** 31,
      -(2 ** 31),
      2 ** 32 + 1,
      Number.MAX_SAFE_INTEGER,
      Number.MIN_VALUE,
    ),
  },
)
const hostileType = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 13 }) },
  { weight: 1, arbitrary: hostileNumber },
)
const hostileValue: fc.Arbitrary<BufferValue> = fc.oneof(
  { weight: 4, arbitrary: exact.map(({ value }) => value) },
  { weight: 2, arbitrary: hostileNumber },
  { weight: 1, arbitrary: fc.bigInt(-(2n ** 80n), 2n ** 80n) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(undefined, null, {}, []).map(wrong),
  },
)

const names = [
  'read',
  'write',
  'peek',
  'poke',
  'seek',
  'fill',
  'writeValue',
  'pokeValue',
  'fillWithValue',
  'resize',
  'copy',
  'used',
  'remove',
] as const
type Name = (typeof names)[number]

/** What leaves the position alone. */
const unmoving: Name[] = [
  'peek',
  'poke',
  'pokeValue',
  'fill',
  'fillWithValue',
  'copy',
  'resize',
  'used',
]

interface Step {
  name: Name
  on: number
  with: number
  a: number
  b: number
  c: number
  type: BufferType
  value: BufferValue
}

type Operation = (step: Step, buffer: NetworkBuffer, other: NetworkBuffer) => unknown

const operations: Record<Name, Operation> = {
  read: ({ type }, buffer) => readBuffer(buffer, type),
  write: ({ type, value }, buffer) => writeBuffer(buffer, type, value),
  peek: ({ a, type }, buffer) => peekBuffer(buffer, a, type),
  writeValue: ({ type, value }, buffer) => writeValue(buffer, type, value),
  poke: ({ a, type, value }, buffer) => pokeBuffer(buffer, a, type, value),
  pokeValue: ({ a, type, value }, buffer) => pokeValue(buffer, a, type, value),
  seek: ({ a, b }, buffer) => seekBuffer(buffer, wrong(Math.abs(b) < 4 ? Math.abs(b) : 0), a),
  fill: ({ a, b, type, value }, buffer) => fillBuffer(buffer, a, type, value, b),
  fillWithValue: ({ a, b, type, value }, buffer) => fillWithValue(buffer, a, type, value, b),
  resize: ({ a }, buffer) => resizeBuffer(buffer, a),
  copy: ({ a, b, c }, buffer, other) => copyBuffer(other, a, b, buffer, c),
  used: ({ a }, buffer) => setBufferUsedSize(buffer, a),
  remove: ({ a }, buffer) => {
    if (a > 38) deleteBuffer(buffer)
  },
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    name: fc.constantFrom(...names),
    on: fc.nat(7),
    with: fc.nat(7),
    a: hostileNumber,
    b: hostileNumber,
    c: hostileNumber,
    type: hostileType.map(wrong),
    value: hostileValue,
  }),
  { maxLength: 60 },
)

spec('buffer scripts', (it) => {
  it('throw only what they may, and touch only their own bytes', () => {
    fc.assert(
      fc.property(steps, alignments, fc.nat(20), (script, alignment, size) => {
        const memory = memoryOf(Uint8Array.from({ length: 64 }, (_, i) => 0x80 + i))
        const shared = [receivedBuffer(memory, 5, 20), receivedBuffer(memory, 25, 30)]
        const wide = kinds.map((kind) => createBuffer(size, kind, alignment))
        const buffers = [
          ...shared,
          ...wide,
          createBuffer(7, BufferKind.wrap),
          receivedBuffer(memory, 60, 0),
        ]
        for (const step of script) {
          const buffer = buffers[step.on] ?? buffers[0]
          const other = buffers[step.with] ?? buffers[0]
          if (buffer === undefined || other === undefined) throw new Error('no buffer')
          const rest = buffers.filter((one) => one !== buffer && one.memory?.bytes !== memory.bytes)
          const { position, size: sizeBefore } = buffer
          const own: Range = buffer.memory === memory ? [buffer.start, sizeBefore] : [0, 0]
          const outside = bytesOutside(own, memory, rest)
          attempt(() => operations[step.name](step, buffer, other))
          assert.is(bytesOutside(own, memory, rest), outside)
          checkInvariants(buffer)
          if (unmoving.includes(step.name)) assert.is(buffer.position, position)
          if (step.name !== 'resize' && buffer.kind !== BufferKind.grow)
            assert.is(buffer.size, sizeBefore)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

function attempt(run: () => unknown): void {
  try {
    run()
  } catch (error) {
    const kinds = [TypeError, RangeError, FreedError, BadMessageError]
    if (error instanceof Error && kinds.some((kind) => error instanceof kind)) {
      // An error of the platform's own would name no function of ours.
      assert.match(
        error.message,
        /^(read|write|peek|poke|seek|fill|resize|copy|setBufferUsed)\w*: /,
      )
      return
    }
    throw error
  }
}

type Range = [start: number, size: number]

/** Every byte that a step may not touch: shared memory outside its buffer's range, and other buffers. */
function bytesOutside([start, size]: Range, shared: BufferMemory, rest: NetworkBuffer[]): string {
  const around = shared.bytes.slice().fill(0, start, start + size)
  return [around, ...rest.map(({ memory }) => memory?.bytes ?? new Uint8Array())]
    .map(hexOf)
    .join(' ')
}

function checkInvariants(buffer: NetworkBuffer): void {
  const { alignment, alignOffset, memory, position, size, start, used } = buffer
  assert.ok(Number.isInteger(used) && used >= 0 && used <= size, `used ${used} of ${size}`)
  assert.ok(Number.isInteger(position) && position >= 0, `position ${position}`)
  assert.ok(!Object.is(position, -0))
  assert.ok(alignOffset >= 0 && alignOffset < alignment, `alignOffset ${alignOffset}`)
  if (memory !== undefined) assert.ok(start + size <= memory.bytes.length)
}
