// RFC 6455 from the server's side by hand: upgrade, masked frames that are whole messages, close.
import { createHash } from 'node:crypto'
import { type Socket } from 'node:net'
import { type HandProtocol, type LinkEvents } from './HandProtocol.ts'
import { viewOf } from './Outbox.ts'

const final = 0x80
const opcodes = { binary: 2, close: 8, ping: 9, pong: 10 }
const maskBit = 0x80
const shortLengthMax = 125
/** In place of a length: two bytes with the length follow. */
const extended = 126
const headBytesMax = 4096

export const frameProtocol: HandProtocol = {
  createReader(socket, events) {
    const reader: FrameReader = { socket, events, isOpen: false, rest: undefined }
    return (chunk) => readFrames(reader, chunk)
  },
  headerBytesMax: 4,
  writeHeader(view, at, payloadBytes) {
    if (payloadBytes <= shortLengthMax) {
      view.setUint16(at, ((final | opcodes.binary) << 8) | payloadBytes)
      return at + 2
    }
    view.setUint16(at, ((final | opcodes.binary) << 8) | extended)
    view.setUint16(at + 2, payloadBytes)
    return at + 4
  },
  ping: Buffer.from([final | opcodes.ping, 0]),
}

/** What is kept of one link between two chunks. */
interface FrameReader {
  readonly socket: Socket
  readonly events: LinkEvents
  isOpen: boolean
  /** The bytes of an unfinished head or frame, which the next chunk completes. */
  rest: Buffer | undefined
}

/** Reads every whole frame of a chunk; a client that breaks the protocol is cut off. */
function readFrames(reader: FrameReader, arrived: Buffer): void {
  const chunk = reader.rest === undefined ? arrived : Buffer.concat([reader.rest, arrived])
  reader.rest = undefined
  let at = reader.isOpen ? 0 : upgrade(reader, chunk)
  const view = viewOf(chunk)
  while (reader.isOpen && chunk.length - at >= 6) {
    const first = view.getUint8(at)
    let payloadBytes = view.getUint8(at + 1) ^ maskBit
    let start = at + 6
    if (payloadBytes > shortLengthMax) {
      if (payloadBytes !== extended) return cut(reader.socket)
      payloadBytes = view.getUint16(at + 2)
      start = at + 8
    }
    const end = start + payloadBytes
    if (end > chunk.length) break
    unmask(view, start, end)
    if (first === (final | opcodes.binary)) reader.events.onMessage(view, start, end)
    else if (first === (final | opcodes.close)) return close(reader, chunk.subarray(start, end))
    else if (first !== (final | opcodes.pong)) return cut(reader.socket)
    at = end
  }
  if (at < chunk.length) reader.rest = Buffer.from(chunk.subarray(at))
}

/** Answers the request when it is whole, and returns how much of the chunk it was. */
function upgrade(reader: FrameReader, chunk: Buffer): number {
  const { socket, events } = reader
  const end = chunk.indexOf('\r\n\r\n')
  if (end < 0) {
    if (chunk.length > headBytesMax) cut(socket)
    return 0
  }
  const key = /^sec-websocket-key: *(\S+)/im.exec(chunk.toString('latin1', 0, end))?.[1] ?? ''
  const accept = createHash('sha1')
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
    'latin1',
  )
  reader.isOpen = true
  events.onOpen()
  return end + 4
}

/** In place; the mask stands right before the payload. */
function unmask(view: DataView, start: number, end: number): void {
  const mask = view.getInt32(start - 4, true)
  let at = start
  for (; at + 4 <= end; at += 4) view.setInt32(at, view.getInt32(at, true) ^ mask, true)
  for (let shift = 0; at < end; at++, shift += 8)
    view.setUint8(at, view.getUint8(at) ^ ((mask >>> shift) & 0xff))
}

/** Sends the close frame back, as RFC 6455 section 5.5.1 asks, and ends the connection. */
function close({ socket }: FrameReader, reason: Buffer): void {
  socket.end(Buffer.concat([Buffer.from([final | opcodes.close, reason.length]), reason]))
}

function cut(socket: Socket): void {
  console.error('a client broke the WebSocket protocol')
  socket.destroy()
}
