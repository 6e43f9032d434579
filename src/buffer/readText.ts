import { BufferType } from '../constants/BufferType.ts'
import { type NetworkBuffer } from './NetworkBuffer.ts'
import { readBuffer } from './readBuffer.ts'

/**
 * Reads a text at the position, up to a NUL byte, which is passed over, or to the used size: `readBuffer(buffer,
 * BufferType.string)`. It reads what `sendPacket` and `sendRaw` send for a text. Where no text is left it returns `''`.
 *
 * @throws FreedError for a freed buffer
 */
export function readText(buffer: NetworkBuffer): string {
  return readBuffer(buffer, BufferType.string)
}
