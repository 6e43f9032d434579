// GameMaker's packet mode from the server's side: handshake, then packets.
import { type Socket } from 'node:net'
import {
  answer,
  answerCheckedBytes,
  done,
  greeting,
  headerBytes,
  magic,
  writeHeader,
} from '../gameMaker.ts'
import { type HandProtocol, type LinkEvents } from './HandProtocol.ts'
import { viewOf } from './Outbox.ts'

const payloadBytesMax = 64 * 1024

export const packetProtocol: HandProtocol = {
  createReader(socket, events) {
    socket.write(greeting)
    const reader: PacketReader = { socket, events, isOpen: false, rest: undefined }
    return (chunk) => readPackets(reader, chunk)
  },
  headerBytesMax: headerBytes,
  writeHeader(view, at, payloadBytes) {
    writeHeader(view, at, payloadBytes)
    return at + headerBytes
  },
}

/** What is kept of one link between two chunks. */
interface PacketReader {
  readonly socket: Socket
  readonly events: LinkEvents
  isOpen: boolean
  /** The bytes of an unfinished answer or packet, which the next chunk completes. */
  rest: Buffer | undefined
}

/** Reads every whole packet of a chunk; a client that breaks the protocol is cut off. */
function readPackets(reader: PacketReader, arrived: Buffer): void {
  const chunk = reader.rest === undefined ? arrived : Buffer.concat([reader.rest, arrived])
  reader.rest = undefined
  let at = 0
  if (!reader.isOpen) {
    if (chunk.length < answer.length) return keep(reader, chunk, 0)
    if (chunk.compare(answer, 0, answerCheckedBytes, 0, answerCheckedBytes) !== 0)
      return cut(reader.socket)
    reader.isOpen = true
    at = answer.length
    reader.socket.write(done)
    reader.events.onOpen()
  }
  const view = viewOf(chunk)
  while (chunk.length - at >= headerBytes) {
    const payloadBytes = view.getUint32(at + 8, true)
    const isHeader =
      view.getUint32(at, true) === magic && view.getUint32(at + 4, true) === headerBytes
    if (!isHeader || payloadBytes > payloadBytesMax) return cut(reader.socket)
    const end = at + headerBytes + payloadBytes
    if (end > chunk.length) break
    reader.events.onMessage(view, at + headerBytes, end)
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
