import * as assert from 'uvu/assert'
import { BufferKind } from '../../src/constants/BufferKind.ts'
import { createBuffer } from '../../src/buffer/createBuffer.ts'
import { getBufferBytes } from '../../src/buffer/getBufferSize.ts'
import { type BufferMemory, memoryOf } from '../../src/buffer/BufferMemory.ts'
import { type NetworkBuffer, receivedBuffer } from '../../src/buffer/NetworkBuffer.ts'

export const kinds: BufferKind[] = [
  BufferKind.fixed,
  BufferKind.grow,
  BufferKind.wrap,
  BufferKind.fast,
]

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** All allocated bytes as hex. */
export function hex(buffer: NetworkBuffer): string {
  return hexOf(getBufferBytes(buffer))
}

/** A buffer with these bytes, all of them used, at position 0. */
export function bufferOf(bytesHex: string, kind: BufferKind = BufferKind.fixed): NetworkBuffer {
  const bytes = Buffer.from(bytesHex, 'hex')
  const buffer = createBuffer(bytes.length, kind, 1)
  getBufferBytes(buffer).set(bytes)
  buffer.used = bytes.length
  return buffer
}

/** A received buffer with these bytes, between neighbours of eight `ee` bytes each. */
export function received(bytesHex: string): { buffer: NetworkBuffer; memory: BufferMemory } {
  const edge = 'ee'.repeat(8)
  const bytes = Uint8Array.from(Buffer.from(edge + bytesHex + edge, 'hex'))
  const memory = memoryOf(bytes)
  return { buffer: receivedBuffer(memory, 8, bytes.length - 16), memory }
}

/** Asserts that a call throws an error of exactly this name whose message has these parts. */
export function throwsError(run: () => unknown, name: string, ...parts: string[]): void {
  let caught: unknown
  try {
    run()
  } catch (error) {
    caught = error
  }
  assert.ok(caught instanceof Error, `expected a ${name}, but nothing was thrown`)
  assert.is(caught.name, name, caught.message)
  for (const part of parts) assert.ok(caught.message.includes(part), caught.message)
}

/** A value of the wrong type, for checks at run time. */
export function wrong(value: unknown): never
export function wrong(value: unknown): unknown {
  return value
}
