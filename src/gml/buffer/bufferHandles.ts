// The buffers that GameMaker code has handles of.

import { deleteBuffer } from '../../buffer/createBuffer.ts'
import { type NetworkBuffer } from '../../buffer/NetworkBuffer.ts'
import { type BufferError } from '../../constants/BufferError.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import {
  createHandles,
  endHandle,
  findThing,
  giveHandle,
  type Handles,
  unknownHandle,
} from '../handles.ts'

const buffers: Handles<NetworkBuffer> = /* @__PURE__ */ createHandles('buffer')

/** Gives a buffer a handle. */
export function addBuffer(buffer: NetworkBuffer): number {
  return giveHandle(buffers, buffer)
}

/** Gives a new buffer a handle; the failure to make one stays as it is. */
export function addBufferOr(made: NetworkBuffer | BufferError): number {
  return typeof made === 'number' ? made : addBuffer(made)
}

/** The buffer of a handle, or `undefined` if there is none or it is freed. Throws a `TypeError` for what does not stand for a number. */
export function findBuffer(where: string, handle: GmlNumber): NetworkBuffer | undefined {
  const buffer = findThing(where, buffers, handle)
  return buffer?.memory === undefined ? undefined : buffer
}

/** Frees a buffer and its handle. Gives false if there is none. */
export function removeBuffer(handle: number): boolean {
  const buffer = buffers.things.get(handle)
  if (buffer === undefined) return false
  endHandle(buffers, handle)
  deleteBuffer(buffer)
  return true
}

/** The error for a handle that names no buffer. */
export function unknownBufferError(where: string, handle: GmlNumber): RangeError {
  return unknownHandle(where, buffers, handle)
}
