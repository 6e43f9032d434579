// The server's side of a packet-mode link for the hand-written `net` servers: handshake, then packets.
import { type Socket } from 'node:net'
import { answer, answerCheckedBytes, done, greeting, headerBytes, magic } from './gameMaker.ts'

const payloadBytesMax = 64 * 1024

/** Called once per packet; the payload is `chunk` from `start` to `end`, valid during the call. */
export type OnPacket = (chunk: Buffer, start: number, end: number) => void

/** What is kept of one link between two chunks. */
export interface PacketReader {
  isOpen: boolean
  /** The bytes of an unfinished answer or packet, which the next chunk completes. */
  rest: Buffer | undefined
}

/** Greets the client and returns the state of its link. */
export function createPacketReader(socket: Socket): PacketReader {
  socket.write(greeting)
  return { isOpen: false, rest: undefined }
}

/** Reads every whole packet of a chunk; a client that breaks the protocol is cut off. */
export function readPackets(
  reader: PacketReader,
  socket: Socket,
  arrived: Buffer,
  onPacket: OnPacket,
): void {
  const chunk = reader.rest === undefined ? arrived : Buffer.concat([reader.rest, arrived])
  reader.rest = undefined
  let at = 0
  if (!reader.isOpen) {
    if (chunk.length < answer.length) return keep(reader, chunk, 0)
    if (chunk.compare(answer, 0, answerCheckedBytes, 0, answerCheckedBytes) !== 0)
      return cut(socket)
    reader.isOpen = true
    at = answer.length
    socket.write(done)
  }
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length)
  while (chunk.length - at >= headerBytes) {
    const payloadBytes = view.getUint32(at + 8, true)
    const isHeader =
      view.getUint32(at, true) === magic && view.getUint32(at + 4, true) === headerBytes
    if (!isHeader || payloadBytes > payloadBytesMax) return cut(socket)
    const end = at + headerBytes + payloadBytes
    if (end > chunk.length) break
    onPacket(chunk, at + headerBytes, end)
    at = end
  }
  if (at < chunk.length) keep(reader, chunk, at)
}

/** Copies, because the rest outlives the chunk. */
function keep(reader: PacketReader, chunk: Buffer, at: number): void {
  reader.rest = Buffer.from(chunk.subarray(at))
}

function cut(socket: Socket): void {
  console.error('a client broke the packet protocol')
  socket.destroy()
}
