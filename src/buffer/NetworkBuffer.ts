import { BufferKind } from '../constants/BufferKind.ts'
import { BadMessageError } from '../errors/BadMessageError.ts'
import { FreedError } from '../errors/FreedError.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { isObject } from '../errors/isObject.ts'
import { type BufferMemory } from './BufferMemory.ts'

/**
 * A GameMaker buffer: bytes with a seek position. Made by `createBuffer`, or handed out as
 * `asyncLoad.buffer`, which lives only while its Networking event runs.
 *
 * Use it through the buffer functions; its fields are the library's own.
 */
export class NetworkBuffer {
  /** `undefined` once the buffer is freed. */
  memory: BufferMemory | undefined
  /** Where the buffer begins in its memory. */
  start: number
  /** Allocated bytes. */
  size: number
  readonly kind: BufferKind
  /** A power of two in 1..1024. */
  readonly alignment: number
  /** The seek position, from 0. */
  position = 0
  /** End of the highest byte written. */
  used: number
  /** It holds what a peer has sent, or what was copied from that: what cannot be read in it is the sender's fault. */
  isReceived = false
  /** Wrap kinds: how far alignment is shifted after the ends passed so far. */
  alignOffset = 0

  constructor(
    memory: BufferMemory,
    start: number,
    size: number,
    kind: BufferKind,
    alignment: number,
    used: number,
  ) {
    this.memory = memory
    this.start = start
    this.size = size
    this.kind = kind
    this.alignment = alignment
    this.used = used
  }
}

/** The buffer of a data event: kind grow, alignment 1, position 0, over bytes that are not copied. */
export function receivedBuffer(memory: BufferMemory, start: number, size: number): NetworkBuffer {
  const buffer = new NetworkBuffer(memory, start, size, BufferKind.grow, 1, size)
  buffer.isReceived = true
  return buffer
}

/** The error for what cannot be read in a buffer, or has no buffer. */
export function readError(buffer: NetworkBuffer | undefined, message: string): Error {
  return buffer?.isReceived === true ? new BadMessageError(message) : new RangeError(message)
}

/** The error for an argument that is not a buffer of this copy of the library. */
export function notABuffer(
  where: string,
  value: unknown,
  expected: string = 'a buffer',
): TypeError {
  if (!isObject(value) || !('alignOffset' in value))
    return wrongType(where, 'buffer', expected, value)
  return new TypeError(
    `${where}: the buffer is of another copy of bitecs-networking; a program must load one copy only`,
  )
}

/** The memory of a live buffer. Throws for anything else, naming the function that was called. */
export function liveMemory(where: string, buffer: NetworkBuffer): BufferMemory {
  if (!(buffer instanceof NetworkBuffer)) throw notABuffer(where, buffer)
  const { memory } = buffer
  if (memory === undefined)
    throw new FreedError(
      `${where}: the buffer is freed; a buffer of a Networking event lives only while the event runs`,
    )
  return memory
}
