// WebSocket servers in Node: on a port of their own, or beside the requests of an HTTP server.

import {
  createServer as createHttpServer,
  type RequestListener,
  type Server,
  type ServerOptions as HttpOptions,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type Socket } from 'node:net'
import { NetworkError } from '../../constants/NetworkError.ts'
import { SocketType } from '../../constants/SocketType.ts'
import { handshakesMax } from './handshakesMax.ts'
import { PendingConnections } from './PendingConnections.ts'
import { takePath } from './SharedUpgrades.ts'
import { socketOptions } from './socketOptions.ts'
import { portOf, startListening } from './startListening.ts'
import { type Listener, type ListenerEvents, type ListenOptions } from '../Transport.ts'
import { textOfPem } from './textOfPem.ts'
import { pathOf, refuse, Upgrades } from './Upgrades.ts'

/** When to warn that an HTTP server does not listen. */
const reminderMs = 5_000

/** Node's own limits begin with the first byte: `PendingConnections` has one for all. */
const httpOptions: HttpOptions = { ...socketOptions, headersTimeout: 0, requestTimeout: 0 }

/**
 * Listens for WebSocket connections, on a port of its own or on the HTTP server that the options name.
 *
 * @returns `unsupported` for a secure server without a certificate, `untrusted` for a certificate that cannot be used
 */
export function listenForWebSockets(
  type: SocketType,
  options: ListenOptions,
  events: ListenerEvents,
): Listener | NetworkError {
  const http = options.webSocket?.http as Server | undefined
  return http === undefined ? listen(type, options, events) : share(http, options, events)
}

function listen(
  type: SocketType,
  options: ListenOptions,
  events: ListenerEvents,
): Listener | NetworkError {
  const isSecure = type === SocketType.wss
  const path = options.webSocket?.path
  const server = isSecure
    ? secureServer(options, events)
    : createHttpServer(httpOptions, answerPlainRequest)
  if (typeof server === 'number') return server
  const pending = new PendingConnections(
    isSecure,
    options.handshakeTimeoutMs,
    handshakesMax(),
    () => events.rejected(),
  )
  const upgrades = new Upgrades(options, events)
  server.on('connection', (socket: Socket) => pending.add(socket))
  server.on('clientError', (error: ClientError, stream) => {
    answerWrongBytes(error, stream as Socket, events)
  })
  server.on('upgrade', (request, stream, head) => {
    const socket = stream as Socket
    if (path !== undefined && path !== pathOf(request)) refuse(socket, 404)
    else upgrades.answer(request, socket, head, () => pending.release(socket))
  })
  const listener = startListening(server, options, events)
  if (typeof listener === 'number') return listener
  return {
    get port() {
      return listener.port
    },
    close() {
      listener.close()
      pending.destroy()
    },
  }
}

function share(
  server: Server,
  options: ListenOptions,
  events: ListenerEvents,
): Listener | NetworkError {
  const upgrades = new Upgrades(options, events)
  const path = options.webSocket?.path
  const leave = takePath(server, path, {
    handshakeTimeoutMs: options.handshakeTimeoutMs,
    upgrade(request, socket, head) {
      if (!upgrades.answer(request, socket, head, () => 0)) events.rejected()
    },
  })
  if (leave === undefined) {
    events.warned(
      `another server takes ${path === undefined ? 'the paths that are left' : `the path ${path}`} of this HTTP server`,
    )
    return NetworkError.portUnavailable
  }
  const onListening = (): void => {
    clearTimeout(reminder)
    events.listening()
  }
  let reminder: NodeJS.Timeout | undefined
  if (!server.listening) {
    server.once('listening', onListening)
    const advice = 'the server of the option http does not listen: call its listen'
    reminder = setTimeout(() => events.warned(advice), reminderMs).unref()
  }
  return {
    get port() {
      return portOf(server.address())
    },
    close() {
      leave()
      clearTimeout(reminder)
      server.off('listening', onListening)
    },
  }
}

function secureServer(
  { certificate }: ListenOptions,
  events: ListenerEvents,
): Server | NetworkError {
  if (certificate === undefined) return NetworkError.unsupported
  const { cert, key } = certificate
  try {
    // Node takes an empty one for none.
    if (cert.length === 0 || key.length === 0) throw new Error('the chain or the key is empty')
    return createHttpsServer(
      {
        ...httpOptions,
        // The limit of `PendingConnections` holds, which runs only while the event loop turns.
        handshakeTimeout: 2 ** 31 - 1,
        cert: textOfPem(cert),
        key: textOfPem(key),
      },
      answerPlainRequest,
    )
  } catch (error) {
    events.warned(`the certificate cannot be used: ${(error as Error).message}`)
    return NetworkError.untrusted
  }
}

/** What Node has found wrong with what came. */
interface ClientError extends NodeJS.ErrnoException {
  readonly rawPacket?: Uint8Array
}

/** Bytes came that are not HTTP, or not TLS. Answers as Node does by itself. */
function answerWrongBytes(error: ClientError, socket: Socket, events: ListenerEvents): void {
  const { code = '', rawPacket } = error
  if (code === 'ERR_SSL_HTTP_REQUEST')
    events.warned('a peer sent HTTP to a wss server: it needs a URL wss://', 'no TLS')
  // A TLS record of the type handshake. It gets an answer too, from which its client sees that this is not TLS.
  if (rawPacket?.[0] === 0x16)
    events.warned('a peer sent TLS to a ws server: it needs a URL ws://, or a wss server', 'TLS')
  if (socket.writable && code.startsWith('HPE_'))
    refuse(socket, code === 'HPE_HEADER_OVERFLOW' ? 431 : 400)
  else socket.destroy()
}

const answerPlainRequest: RequestListener = (_request, response) => {
  response.writeHead(426, { Connection: 'close', Upgrade: 'websocket' }).end()
}
