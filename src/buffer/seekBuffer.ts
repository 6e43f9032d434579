import { SeekBase } from '../constants/SeekBase.ts'
import { checkInteger } from '../errors/argumentErrors.ts'
import { cutFraction } from './cutFraction.ts'
import { liveMemory, type NetworkBuffer } from './NetworkBuffer.ts'
import { isRing, modulo } from './position.ts'

/**
 * Moves the position and gives the new one. `start` sets it, `relative` adds to it, `end` counts backwards
 * from the size, so 0 is the end and 4 is four bytes before it.
 *
 * The result is kept in 0..size; wrap kinds take it modulo their size, except that the size itself may
 * stand. A fraction is cut. Throws a `TypeError` or `RangeError` for a base that does not exist and for an
 * offset that is not a finite number, a `FreedError` for a freed buffer. GameMaker: `buffer_seek`.
 */
export function seekBuffer(buffer: NetworkBuffer, base: SeekBase, offset: number): number {
  liveMemory('seekBuffer', buffer)
  checkInteger('seekBuffer', 'base', base, 0, 2)
  const whole = cutFraction('seekBuffer', 'offset', offset, buffer)
  const { size } = buffer
  let target = whole
  if (base === SeekBase.relative) target = buffer.position + whole
  else if (base === SeekBase.end) target = size - whole
  if (target !== size && isRing(buffer)) target = modulo(target, size)
  buffer.position = Math.min(Math.max(target, 0), size)
  return buffer.position
}

/**
 * The position in bytes from the start. After a read or a write it stands directly behind the value; in a
 * wrap kind that is written to its last byte it is the size. GameMaker: `buffer_tell`.
 */
export function tellBuffer(buffer: NetworkBuffer): number {
  liveMemory('tellBuffer', buffer)
  return buffer.position
}
