import { type Socket } from 'node:net'
import { WebSocket } from 'ws'
import { MessageType } from '../../constants/MessageType.ts'
import { type FrameFault, type FrameSink, type FrameSource } from './FrameSource.ts'

/** A message that is a small part of a chunk above this size does not keep it in memory. */
const chunkBytesMax = 4_096
const smallPart = 1 / 8

/** What `ws` says when there was no close frame (RFC 6455 section 7.4.1). */
const noCloseFrame = 1006

/**
 * The frames that `ws` reads. It takes them off the network socket itself, and writes one thing: the answer to a close
 * frame or to a fault, after which it ends the network socket.
 */
export class WsFrameSource implements FrameSource {
  readonly #ws: WebSocket
  readonly #socket: Socket

  /** @param ws is open, and nothing has been read yet */
  constructor(ws: WebSocket, socket: Socket, sink: FrameSink) {
    this.#ws = ws
    this.#socket = socket
    ws.on('message', (data, isBinary) =>
      sink.message(ownBytes(data as Buffer), isBinary ? MessageType.binary : MessageType.text),
    )
    ws.on('ping', (payload) => sink.ping(payload))
    ws.on('pong', () => sink.pong())
    ws.on('error', (error) => sink.fault(faultOf(error)))
    // `ws` emits nothing when a close frame has come, but has read what these listeners get before they get it.
    socket.on('data', () => {
      if (!this.isOpen) sink.closing(true)
    })
    socket.once('end', () => sink.closing(false))
    ws.on('close', (code) => sink.close(code === noCloseFrame ? undefined : code))
  }

  get isOpen(): boolean {
    return this.#ws.readyState === WebSocket.OPEN
  }

  pause(): void {
    this.#ws.pause()
  }

  resume(): void {
    this.#ws.resume()
  }

  discard(): void {
    // Only taken off the line: unread bytes would make the operating system reset the connection and drop what was sent
    // last.
    this.#socket.removeAllListeners('data')
    this.#socket.resume()
  }
}

function faultOf({ code }: NodeJS.ErrnoException): FrameFault {
  if (code === undefined || !code.startsWith('WS_ERR_')) return 'failed'
  return code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ||
    code === 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH'
    ? 'tooLarge'
    : 'malformed'
}

/** The bytes without Node's class. They are a view, and copied only if that would keep much more in memory. */
function ownBytes(data: Buffer): Uint8Array {
  const chunkBytes = data.buffer.byteLength
  const isSmall = chunkBytes > chunkBytesMax && data.length < chunkBytes * smallPart
  const { buffer, byteOffset, length } = isSmall ? Buffer.from(data) : data
  return new Uint8Array(buffer, byteOffset, length)
}
