import { BufferType } from '../constants/BufferType.ts'
import { bufferTypeSize } from './bufferTypeSize.ts'
import { numberFrom, storeNumber } from './numberEncoding.ts'
import { encodeUtf8, untilNul } from './utf8.ts'

/** The bytes of any value in memory of their own, or `undefined` when the type does not take it. */
export function encodeValue(type: BufferType, value: unknown): Uint8Array | undefined {
  const need = bufferTypeSize(type)
  if (need === 0) return encodeText(type, value)
  const number = numberFrom(type, value)
  if (number === undefined) return undefined
  const bytes = new Uint8Array(need)
  storeNumber(new DataView(bytes.buffer), 0, type, number)
  return bytes
}

function encodeText(type: BufferType, value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string') return undefined
  if (type !== BufferType.string && type !== BufferType.text) return undefined
  return encodeUtf8(untilNul(value), type === BufferType.string ? 1 : 0)
}
