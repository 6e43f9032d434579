// GameMaker's kinds of buffers. One of them, buffer_vbuffer, is only known here: it is a fixed buffer with another number.

import { createBuffer } from '../../buffer/createBuffer.ts'
import { getBufferKind } from '../../buffer/getBufferSize.ts'
import { type NetworkBuffer } from '../../buffer/NetworkBuffer.ts'
import { BufferKind } from '../../constants/BufferKind.ts'
import { buffer_vbuffer } from '../constants.ts'

const vertexBuffers = /* @__PURE__ */ new WeakSet<NetworkBuffer>()

/** Makes a buffer of one of GameMaker's kinds. The arguments must have been checked. */
export function createBufferOf(kind: number, size: number, alignment: number): NetworkBuffer {
  if (kind !== buffer_vbuffer) return createBuffer(size, kind as BufferKind, alignment)
  const buffer = createBuffer(size, BufferKind.fixed, alignment)
  vertexBuffers.add(buffer)
  return buffer
}

/** GameMaker's kind of a buffer. */
export function kindOf(buffer: NetworkBuffer): number {
  return vertexBuffers.has(buffer) ? buffer_vbuffer : getBufferKind(buffer)
}
