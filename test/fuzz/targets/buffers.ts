// The buffer functions under a script, on two buffers: positions and sizes stay in their bounds, nothing is written beside a
// received message, a call that throws has changed nothing, and numbers are read as Node reads them.
//
//   for each of two buffers: u8 kind (bit 7: received), u8 log2 of the alignment, u16 size or a block of bytes
//   then steps of a u8 and what it needs (the table in `runStep`)

import * as assert from 'uvu/assert'
import { BadMessageError } from '../../../src/errors/BadMessageError.ts'
import { FreedError } from '../../../src/errors/FreedError.ts'
import { BufferKind } from '../../../src/constants/BufferKind.ts'
import { BufferType } from '../../../src/constants/BufferType.ts'
import { type SeekBase } from '../../../src/constants/SeekBase.ts'
import { type BufferValue } from '../../../src/buffer/BufferValue.ts'
import { memoryOf } from '../../../src/buffer/BufferMemory.ts'
import { copyBuffer } from '../../../src/buffer/copyBuffer.ts'
import { copyBufferStride } from '../../../src/buffer/copyBufferStride.ts'
import { createBuffer, deleteBuffer } from '../../../src/buffer/createBuffer.ts'
import { fillBuffer } from '../../../src/buffer/fillBuffer.ts'
import { getBufferBytes, setBufferUsedSize } from '../../../src/buffer/getBufferSize.ts'
import { type NetworkBuffer, receivedBuffer } from '../../../src/buffer/NetworkBuffer.ts'
import { peekBuffer } from '../../../src/buffer/peekBuffer.ts'
import { pokeBuffer } from '../../../src/buffer/pokeBuffer.ts'
import { readBuffer } from '../../../src/buffer/readBuffer.ts'
import { resizeBuffer } from '../../../src/buffer/resizeBuffer.ts'
import { seekBuffer } from '../../../src/buffer/seekBuffer.ts'
import { writeBuffer } from '../../../src/buffer/writeBuffer.ts'
import { checksumBuffer } from '../../../src/content/checksumBuffer.ts'
import { encodeBase64 } from '../../../src/content/encodeBase64.ts'
import { type Draw } from '../Draw.ts'
import { type Target } from '../Fuzzer.ts'
import { ScriptReader, ScriptWriter } from '../Script.ts'

const edge = 8
const steps = 12
/** Buffers up to this are compared byte by byte. */
const smallBytes = 300

/** A buffer, and the memory that it shares with other messages if it was received. */
interface Held {
  buffer: NetworkBuffer
  readonly shared: Uint8Array | undefined
}

function readHeld(script: ScriptReader): Held {
  const flags = script.u8()
  const alignment = 1 << (script.u8() % 11)
  if (flags < 128) {
    const buffer = createBuffer(script.u16() >> 6, (flags & 3) as BufferKind, alignment)
    return { buffer, shared: undefined }
  }
  const bytes = script.block()
  const shared = new Uint8Array(bytes.length + 2 * edge).fill(0xee)
  shared.set(bytes, edge)
  return { buffer: receivedBuffer(memoryOf(shared), edge, bytes.length), shared }
}

/** An offset or a size: small mostly. */
function offsetOf(script: ScriptReader): number {
  const low = script.u8()
  if (low < 240) return low - 20
  return ((script.u16() << 16) >> 16) + (low & 1) / 2
}

/** What the types of which there is no warning take, or refuse. */
const wideValues: readonly BufferValue[] = [
  true,
  -1,
  0.5,
  1e-6,
  6e-8,
  65_504,
  1e300,
  -1e300,
  2 ** 63,
  Number.NaN,
  Infinity,
  2n ** 64n,
  -1n,
  'x',
]

function isFloat(type: BufferType): boolean {
  return type === BufferType.f16 || type === BufferType.f32 || type === BufferType.f64
}

function valueOf(script: ScriptReader, type: BufferType): BufferValue {
  if (type === BufferType.string || type === BufferType.text)
    return new TextDecoder().decode(script.block().subarray(0, 64))
  if (type === BufferType.u64 || type === BufferType.bool || isFloat(type)) {
    const which = script.u8()
    return which < 128 ? which : wideValues[which % wideValues.length]!
  }
  // No more than 8 bits, as others are warned of.
  return script.u8() & 0x7f
}

function runStep(held: readonly Held[], script: ScriptReader): string {
  const code = script.u8()
  const { buffer } = held[code >> 7]!
  const other = held[1 - (code >> 7)]!.buffer
  switch ((code & 0x7f) % steps) {
    case 0:
    case 1:
      return readChecked(buffer, typeOf(script))
    case 2: {
      const type = typeOf(script)
      writeBuffer(buffer, type, valueOf(script, type) as never)
      return 'written'
    }
    case 3:
      peekBuffer(buffer, offsetOf(script), typeOf(script))
      return 'peeked'
    case 4: {
      const type = typeOf(script)
      pokeBuffer(buffer, offsetOf(script), type, valueOf(script, type) as never)
      return 'poked'
    }
    case 5:
      seekBuffer(buffer, (script.u8() % 3) as SeekBase, offsetOf(script))
      return 'moved'
    case 6:
      copyBuffer(buffer, offsetOf(script), offsetOf(script), other, offsetOf(script))
      return 'copied'
    case 7:
      copyStride(buffer, other, script)
      return 'copied'
    case 8: {
      const type = typeOf(script)
      const offset = offsetOf(script)
      fillBuffer(buffer, offset, type, valueOf(script, type) as never, offsetOf(script))
      return 'filled'
    }
    case 9:
      resizeBuffer(buffer, offsetOf(script) + 20)
      return 'resized'
    case 10:
      setBufferUsedSize(buffer, offsetOf(script))
      return 'used'
    default:
      checksumBuffer(buffer, offsetOf(script), offsetOf(script))
      encodeBase64(buffer, offsetOf(script), offsetOf(script))
      return 'summed'
  }
}

function copyStride(buffer: NetworkBuffer, other: NetworkBuffer, script: ScriptReader): void {
  const signed = (): number => (script.u8() << 24) >> 24
  const [offset, size, stride, count] = [signed(), script.u8() & 31, signed(), script.u8() & 31]
  copyBufferStride(buffer, offset, size, stride, count, other, signed(), signed())
}

/** A type, now and then one that does not exist. */
function typeOf(script: ScriptReader): BufferType {
  return (script.u8() % 15) as BufferType
}

const nodeReads: Readonly<Record<number, (bytes: Buffer, at: number) => number | bigint>> = {
  [BufferType.u8]: (bytes, at) => bytes.readUInt8(at),
  [BufferType.s8]: (bytes, at) => bytes.readInt8(at),
  [BufferType.u16]: (bytes, at) => bytes.readUInt16LE(at),
  [BufferType.s16]: (bytes, at) => bytes.readInt16LE(at),
  [BufferType.u32]: (bytes, at) => bytes.readUInt32LE(at),
  [BufferType.s32]: (bytes, at) => bytes.readInt32LE(at),
  [BufferType.f32]: (bytes, at) => bytes.readFloatLE(at),
  [BufferType.f64]: (bytes, at) => bytes.readDoubleLE(at),
  [BufferType.u64]: (bytes, at) => bytes.readBigUInt64LE(at),
}

function readChecked(buffer: NetworkBuffer, type: BufferType): string {
  const { position, alignment, kind } = buffer
  const bytes = Buffer.from(getBufferBytes(buffer))
  const value: unknown = readBuffer(buffer, type)
  const at = Math.ceil(position / alignment) * alignment
  const nodeRead = nodeReads[type]
  if (nodeRead !== undefined && kind !== BufferKind.wrap)
    assert.ok(Object.is(value, nodeRead(bytes, at)), `type ${type} at ${at}`)
  return 'read'
}

/** What must hold between calls. */
function check({ buffer, shared }: Held, positionBefore: number): void {
  const { position, used, size, start, memory, alignment } = buffer
  assert.ok(position >= 0 && Number.isInteger(position), 'position')
  // Where a buffer was made smaller the position stays outside, and a text that is not there begins at an aligned place.
  assert.ok(position < Math.max(size, positionBefore) + alignment, 'position outside')
  assert.ok(used >= 0 && used <= size && Number.isInteger(used), 'used size')
  assert.ok(memory !== undefined && start + size <= memory.bytes.length, 'memory')
  if (shared === undefined) return
  for (let at = 0; at < edge; at++)
    if (shared[at] !== 0xee || shared[shared.length - 1 - at] !== 0xee)
      assert.unreachable('wrote beside the message')
}

/** What a call that throws must have left. */
function stateOf({ buffer }: Held): string {
  const { position, used, size, alignOffset } = buffer
  const bytes = size <= smallBytes ? Buffer.from(getBufferBytes(buffer)).toString('latin1') : ''
  return [position, used, size, alignOffset, bytes].join(' ')
}

function isDocumented(error: unknown, { buffer }: Held): boolean {
  // Also of what was copied out of a received one.
  if (error instanceof BadMessageError) return buffer.isReceived
  return error instanceof TypeError || error instanceof RangeError
}

function runBuffers(input: Uint8Array): string {
  const script = new ScriptReader(input)
  const held = [readHeld(script), readHeld(script)]
  let outcome = 'nothing'
  while (!script.isDone) {
    const before = held.map(stateOf)
    const positions = held.map(({ buffer }) => buffer.position)
    try {
      outcome = runStep(held, script)
    } catch (error) {
      if (!held.some((each) => isDocumented(error, each))) throw error
      outcome = error instanceof BadMessageError ? 'bad message' : 'refused'
      assert.equal(held.map(stateOf), before, 'nothing has changed')
    }
    for (const [index, each] of held.entries()) check(each, positions[index]!)
  }
  for (const { buffer } of held) {
    deleteBuffer(buffer)
    assert.throws(() => readBuffer(buffer, BufferType.u8), isFreed)
  }
  return outcome
}

function isFreed(error: Error): boolean {
  return error instanceof FreedError
}

/** Any bytes, or text: characters of each size, and what GameMaker's HTML5 games write for those of four bytes. */
function drawContent(draw: Draw): Uint8Array {
  if (draw.isLucky(0.5)) return draw.bytes(draw.size(80))
  const pieces = [
    '00',
    '61',
    '6262626262',
    'c3a9',
    'e282ac',
    'f09f9880',
    'eda080edb080',
    'eda080',
    'ff',
    'efbbbf',
  ]
  const hex = Array.from({ length: draw.below(12) }, () => draw.one(pieces)).join('')
  return Buffer.from(hex, 'hex')
}

function drawBuffers(draw: Draw): Uint8Array {
  const script = new ScriptWriter()
  for (let left = 2; left > 0; left--)
    if (draw.isLucky(0.5))
      script.u8(128, draw.isLucky(0.5) ? 0 : draw.byte()).block(drawContent(draw))
    else script.u8(draw.below(4), draw.isLucky(0.6) ? 0 : draw.byte()).u16(draw.below(65_536))
  for (let left = draw.below(24); left > 0; left--)
    // What a step needs, whichever it is: numbers that are small mostly.
    script.u8(draw.byte(), draw.byte(), 10 + draw.size(200), 20 + draw.size(80), 20 + draw.size(9))
  return script.bytes
}

export const buffers: Target = {
  name: 'buffers',
  draw: drawBuffers,
  run: runBuffers,
  outcomes: ['read', 'written', 'peeked', 'poked', 'moved', 'copied', 'filled', 'refused'],
}
