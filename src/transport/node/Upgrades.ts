import { type IncomingMessage, STATUS_CODES } from 'node:http'
import { type Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { noBytes } from '../../constants/noBytes.ts'
import { type ListenerEvents, type ListenOptions } from '../Transport.ts'
import { normalPath } from '../normalPath.ts'
import { WebSocketFraming } from '../../protocol/webSocket/WebSocketFraming.ts'
import { WebSocketConnection } from './WebSocketConnection.ts'
import { isGone } from './startListening.ts'
import { HandshakeSocket } from './HandshakeSocket.ts'

const framing = new WebSocketFraming()

/** Makes WebSocket connections of the HTTP requests that ask for one. */
export class Upgrades {
  readonly #server: WebSocketServer
  readonly #options: ListenOptions
  readonly #events: ListenerEvents
  #hasWarned = false

  constructor(options: ListenOptions, events: ListenerEvents) {
    this.#options = options
    this.#events = events
    this.#server = new WebSocketServer({
      perMessageDeflate: false,
      WebSocket: HandshakeSocket,
      noServer: true,
      clientTracking: false,
      handleProtocols: (offered) => chooseProtocol(offered, options.webSocket?.protocol),
    })
  }

  /**
   * Answers a request: with a connection, which is emitted, or with an error, which ends it.
   *
   * @param release the handshake is done, or there is no place for one more; returns how many milliseconds it has taken
   * @returns whether `release` was called
   */
  answer(request: IncomingMessage, socket: Socket, head: Buffer, release: () => number): boolean {
    if (!this.#isWelcome(request)) {
      refuse(socket, 403)
      return false
    }
    if (this.#events.refuses?.() === true) {
      refuse(socket, 503)
      release()
      return true
    }
    let made: HandshakeSocket | undefined
    try {
      this.#server.handleUpgrade(
        request,
        socket,
        head,
        (webSocket) => (made = webSocket as HandshakeSocket),
      )
    } catch {
      this.#events.warned(
        'another listener of the HTTP server has answered on this path',
        'other listener',
      )
    }
    if (made === undefined) return false
    this.#accept(made, socket, release())
    return true
  }

  #accept({ head = noBytes }: HandshakeSocket, socket: Socket, handshakeMs: number): void {
    if (isGone(socket, this.#events)) return
    const connection = new WebSocketConnection(framing, undefined, handshakeMs)
    connection.open(socket, head, 'server', this.#options.messageBytesMax)
    connection.attach(this.#events.accepted(connection))
  }

  /** A page can open connections with the cookies of whoever looks at it, so what counts is where it comes from. */
  #isWelcome({ headers }: IncomingMessage): boolean {
    // Only programs that are no pages leave the origin out, and they could claim any. Version 8 had another name for it.
    const origin = headers.origin ?? headers['sec-websocket-origin']
    const origins = this.#options.webSocket?.origins
    if (origins !== undefined) return origin === undefined || origins.includes(String(origin))
    if (headers.cookie !== undefined && !this.#hasWarned) {
      this.#hasWarned = true
      this.#events.warned(
        'a WebSocket handshake has cookies, and pages of every origin may connect: set the option origins',
      )
    }
    return true
  }
}

/** The path that a request is for, without its query. */
export function pathOf({ url = '' }: IncomingMessage): string {
  return normalPath(url.split('?', 1)[0]!)
}

/** Ends a request with an error. */
export function refuse(socket: Socket, status: 400 | 403 | 404 | 431 | 503): void {
  // The peer may be gone.
  socket.on('error', () => {})
  socket.once('finish', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  )
}

function chooseProtocol(offered: ReadonlySet<string>, wanted = ''): string | false {
  if (wanted !== '') return offered.has(wanted) && wanted
  const [first = false] = offered
  return first
}
