// An open WebSocket in Node, of a server or a client.

import { type Socket } from 'node:net'
import { type WebSocket } from 'ws'
import { DisconnectReason } from '../../constants/DisconnectReason.ts'
import { MessageType } from '../../constants/MessageType.ts'
import { type NetworkError } from '../../constants/NetworkError.ts'
import { SocketWriter } from './SocketWriter.ts'
import { stripMappedPrefix } from './addresses.ts'
import { reasonOf } from './systemErrors.ts'
import { type CloseCause, type Connection, type ConnectionEvents } from '../Transport.ts'
import { endOfSlice } from '../../protocol/webSocket/endOfSlice.ts'
import { frameBytesMax, type WebSocketFraming } from '../../protocol/webSocket/WebSocketFraming.ts'

/** A message that is a small part of a chunk above this size does not keep it in memory. */
const chunkBytesMax = 4_096
const smallPart = 1 / 8

/** RFC 6455 section 7.4.1 and its registry. */
const closeCodes: Readonly<Record<CloseCause, number>> = { done: 1000, goingAway: 1001, full: 1013 }
const protocolError = 1002
const messageTooBig = 1009
const noCloseFrame = 1006

/**
 * One end of a WebSocket connection in Node: `ws` reads, and answers what RFC 6455 wants answered; messages are written
 * to its network socket as ready frames, in one write.
 */
export class WebSocketConnection implements Connection {
  remoteIp = ''
  remotePort = 0
  localPort = 0
  readonly framing: WebSocketFraming
  readonly #ws: WebSocket
  /** `undefined` until the connection is open. */
  #socket: Socket | undefined
  #writer: SocketWriter | undefined
  #events: ConnectionEvents | undefined
  /** What happened to the network socket. */
  #reason: DisconnectReason = DisconnectReason.reset
  /** What the close frame will tell, once this side has ended the connection. */
  #closeCode = 0

  constructor(ws: WebSocket, framing: WebSocketFraming) {
    this.#ws = ws
    this.framing = framing
    ws.on('message', (data, isBinary) => this.#onMessage(data as Buffer, isBinary))
    ws.on('pong', () => this.#events?.alive())
    ws.on('error', (error) => this.#onError(error))
    ws.on('close', (code) => this.#onClose(code))
  }

  /** The handshake is done. */
  open(socket: Socket): void {
    this.#socket = socket
    this.#writer = new SocketWriter(socket, {
      endOfSlice: (bytes) => endOfSlice(bytes, frameBytesMax),
      // When the peer has begun to close, `ws` has answered, and nothing may follow.
      isOpen: () => this.#ws.readyState === 1,
      drained: () => this.#events?.drained(),
    })
    this.remoteIp = stripMappedPrefix(socket.remoteAddress ?? '')
    this.remotePort = socket.remotePort ?? 0
    this.localPort = socket.localPort ?? 0
    socket.on('error', (error) => (this.#reason = reasonOf(error)))
  }

  /** Gives who hears of it, unless this side has ended it already. */
  attach(events: ConnectionEvents): void {
    if (this.#closeCode === 0) this.#events = events
  }

  tellOpened(): void {
    this.#events?.opened(this)
  }

  /** It could not be made. */
  fail(error: NetworkError): void {
    const events = this.#events
    this.#events = undefined
    events?.failed(error)
  }

  get bytesRead(): number {
    return this.#socket?.bytesRead ?? 0
  }

  get pendingBytes(): number {
    return this.#writer?.pendingBytes ?? 0
  }

  write(bytes: Uint8Array): void {
    if (this.#isWritable()) this.#writer!.write(bytes)
  }

  pause(): void {
    this.#ws.pause()
  }

  resume(): void {
    this.#ws.resume()
  }

  ping(): void {
    if (this.#isWritable()) this.#ws.ping()
  }

  close(cause: CloseCause = 'done'): void {
    if (this.#closeCode === 0) this.#end(closeCodes[cause])
  }

  reset(reason?: DisconnectReason): void {
    if (this.#closeCode === 0 && reason === DisconnectReason.malformed)
      this.#end(protocolError, true)
    else if (this.#closeCode === 0 && reason === DisconnectReason.tooLarge)
      this.#end(messageTooBig, true)
    else {
      this.#closeCode = noCloseFrame
      this.#events = undefined
      if (this.#writer === undefined) this.#ws.terminate()
      else this.#writer.reset()
    }
  }

  #isWritable(): boolean {
    return this.#socket !== undefined && this.#closeCode === 0 && this.#ws.readyState === 1
  }

  /** This side ends the connection: the peer hears of it behind what was written, and has a while to do the same. */
  #end(code: number, isDropping = false): void {
    this.#closeCode = code
    this.#events = undefined
    const socket = this.#socket
    if (socket === undefined) {
      this.#ws.terminate()
      return
    }
    if (isDropping) this.#writer!.drop()
    if (this.#ws.readyState !== 1) {
      socket.destroySoon()
      return
    }
    // Nothing is read any more, only taken off the line: unread bytes would make the operating system reset the
    // connection and drop what was sent last.
    socket.removeAllListeners('data')
    socket.resume()
    // Ends this direction at once instead of waiting for the peer's close frame, so that nothing keeps a process alive.
    this.#writer!.end(this.framing.close(code))
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    this.#events?.received(ownBytes(data), isBinary ? MessageType.binary : MessageType.text)
  }

  /** The peer has broken the protocol; `ws` tells it so and closes. */
  #onError({ code }: NodeJS.ErrnoException): void {
    if (this.#socket !== undefined) this.#tellEnded(reasonOfProtocolError(code))
  }

  #onClose(code: number): void {
    if (this.#socket !== undefined)
      this.#tellEnded(code === noCloseFrame ? this.#reason : DisconnectReason.closed)
  }

  #tellEnded(reason: DisconnectReason): void {
    const events = this.#events
    this.#events = undefined
    events?.ended(reason)
  }
}

function reasonOfProtocolError(code: string | undefined): DisconnectReason {
  if (code === undefined || !code.startsWith('WS_ERR_')) return DisconnectReason.networkError
  return code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ||
    code === 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH'
    ? DisconnectReason.tooLarge
    : DisconnectReason.malformed
}

/** The bytes without Node's class. They are a view, and copied only if that would keep much more in memory. */
function ownBytes(data: Buffer): Uint8Array {
  const chunkBytes = data.buffer.byteLength
  const isSmall = chunkBytes > chunkBytesMax && data.length < chunkBytes * smallPart
  const { buffer, byteOffset, length } = isSmall ? Buffer.from(data) : data
  return new Uint8Array(buffer, byteOffset, length)
}
