// What a UDP datagram carries (docs/protocol.md, "UDP"): a packet header and a payload, or a payload alone.

import { viewOf } from '../buffer/BufferMemory.ts'
import { type Message } from './messageToSend.ts'
import { headerBytes, isHeader, payloadSize, writeHeader } from './packetHeader.ts'

/** A datagram that holds a header and a message. */
export function createPacketDatagram({ memory, start, size }: Message): Uint8Array {
  const bytes = new Uint8Array(headerBytes + size)
  writeHeader(viewOf(bytes), 0, size)
  bytes.set(memory.bytes.subarray(start, start + size), headerBytes)
  return bytes
}

/**
 * Where the payload of a datagram begins: behind a header that is right in every word, or at once, because peers that
 * are not GameMaker send none.
 *
 * @param view covers exactly the datagram
 */
export function payloadStart(view: DataView): number {
  const size = view.byteLength - headerBytes
  return size >= 0 && isHeader(view, 0) && payloadSize(view, 0) === size ? headerBytes : 0
}
