import { type BufferKind } from '../../../src/constants/BufferKind.ts'
import { buffer_create, buffer_delete } from '../../../src/gml/buffer/bufferCreation.ts'
import { addBuffer } from '../../../src/gml/buffer/bufferHandles.ts'
import {
  buffer_get_address,
  buffer_set_used_size,
} from '../../../src/gml/buffer/bufferProperties.ts'
import { buffer_fast, buffer_fixed, buffer_grow, buffer_wrap } from '../../../src/gml/constants.ts'
import { hexOf, received } from '../../buffer/helpers.ts'

export const kinds: readonly BufferKind[] = [buffer_fixed, buffer_grow, buffer_wrap, buffer_fast]

/** A buffer with these bytes, all of them used, at position 0. */
export function bufferOf(
  bytesHex: string,
  kind: BufferKind = buffer_fixed,
  alignment: number = 1,
): number {
  const bytes = Buffer.from(bytesHex, 'hex')
  const buffer = buffer_create(bytes.length, kind, alignment)
  buffer_get_address(buffer)!.set(bytes)
  buffer_set_used_size(buffer, bytes.length)
  return buffer
}

/** The buffer of a data event, between neighbours of eight `ee` bytes each, and what those are now. */
export function eventBufferOf(bytesHex: string): { buffer: number; neighbours: () => string } {
  const { buffer, memory } = received(bytesHex)
  const neighbours = (): string =>
    hexOf(memory.bytes.subarray(0, 8)) + hexOf(memory.bytes.subarray(-8))
  return { buffer: addBuffer(buffer), neighbours }
}

/** All allocated bytes as hex. */
export function hex(buffer: number): string {
  return hexOf(buffer_get_address(buffer)!)
}

/** A handle whose buffer is deleted. */
export function staleHandle(): number {
  const buffer = buffer_create(1, buffer_fixed, 1)
  buffer_delete(buffer)
  return buffer
}
