// WebSocket clients in Node.

import { randomFillSync } from 'node:crypto'
import { type Socket } from 'node:net'
import { createSecureContext, rootCertificates, type SecureContext, type TLSSocket } from 'node:tls'
import { type ClientOptions } from 'ws'
import { realClock } from '../../clock/Clock.ts'
import { setLimit } from '../../clock/patience.ts'
import { NetworkError } from '../../constants/NetworkError.ts'
import { type SocketType } from '../../constants/SocketType.ts'
import { noBytes } from '../../constants/noBytes.ts'
import { FailedConnection } from '../FailedConnection.ts'
import { AddressTurns } from './AddressTurns.ts'
import { socketOptions } from './socketOptions.ts'
import { connectErrorOf } from './systemErrors.ts'
import {
  type Connection,
  type ConnectionEvents,
  type TransportConnectOptions,
} from '../Transport.ts'
import { WebSocketFraming } from '../../protocol/webSocket/WebSocketFraming.ts'
import { WebSocketConnection } from './WebSocketConnection.ts'
import { HandshakeSocket } from './HandshakeSocket.ts'
import { textOfPem } from './textOfPem.ts'
import { webSocketUrl } from '../webSocketUrl.ts'

const masks = new Int32Array(1_024)
let nextIndex = masks.length

const framing = new WebSocketFraming(nextMask)

/** Connects to a WebSocket server. */
export function connectWebSocket(
  type: SocketType,
  options: TransportConnectOptions,
  events: ConnectionEvents,
): Connection {
  const target = webSocketUrl(type, options.host, options.port)
  if (target === undefined) return new FailedConnection(events, NetworkError.hostNotFound)
  const protocols = options.protocol === '' ? [] : [options.protocol]
  const turns: AddressTurns = new AddressTurns(options.timeoutMs, () => webSocket.terminate())
  const open = (): HandshakeSocket => {
    const settings = clientOptions(options, turns, (made) => (socket = made))
    return new HandshakeSocket(target.url, protocols, settings)
  }
  let socket: Socket | undefined
  let webSocket: HandshakeSocket
  try {
    webSocket = open()
  } catch {
    return new FailedConnection(events, NetworkError.general)
  }
  const giveUp = (): void => {
    turns.end()
    webSocket.terminate()
  }
  const connection = new WebSocketConnection(framing, giveUp)
  connection.attach(events)
  const cancelLimit = setLimit(realClock, options.timeoutMs, () => {
    connection.fail(NetworkError.timedOut)
    giveUp()
  })
  const onError = (error: Error): void => {
    if (turns.next()) {
      webSocket.off('close', cancelLimit)
      webSocket = open()
      listen()
    } else connection.fail(failureOf(error, socket, options))
  }
  listen()
  return connection

  function listen(): void {
    webSocket.on('error', onError)
    webSocket.once('open', () => {
      cancelLimit()
      // Nothing is left to fail.
      webSocket.off('error', onError)
      const { head = noBytes } = webSocket
      connection.open(socket!, head, 'client', options.messageBytesMax)
    })
    webSocket.once('close', cancelLimit)
  }
}

function clientOptions(
  { ca, localPort = 0 }: TransportConnectOptions,
  turns: AddressTurns,
  connecting: (socket: Socket) => void,
): ClientOptions {
  // `ws` hands it on, though its types do not have it.
  const own = { localPort }
  return {
    perMessageDeflate: false,
    ...socketOptions,
    ...turns.options,
    ...own,
    ...(ca === undefined ? {} : { secureContext: contextFor(ca) }),
    followRedirects: false,
    finishRequest(request) {
      request.once('socket', (made: Socket) => {
        made.once('connect', () => turns.end())
        connecting(made)
      })
      request.end()
    },
  }
}

/** Kept, since reading the platform's certificates takes tens of milliseconds. */
let known: { readonly ca: string; readonly context: SecureContext } | undefined

/** What trusts the platform's certificates and these, in PEM. */
function contextFor(ca: string | Uint8Array): SecureContext {
  const text = textOfPem(ca)
  if (known?.ca !== text)
    known = { ca: text, context: createSecureContext({ ca: [...rootCertificates, text] }) }
  return known.context
}

function nextMask(): number {
  if (nextIndex === masks.length) {
    randomFillSync(masks)
    nextIndex = 0
  }
  return masks[nextIndex++]!
}

function failureOf(
  error: NodeJS.ErrnoException,
  socket: Socket | undefined,
  options: TransportConnectOptions,
): NetworkError {
  const { authorizationError } = (socket ?? {}) as Partial<TLSSocket>
  if (authorizationError !== undefined && authorizationError !== null) return NetworkError.untrusted
  const { code, message } = error
  // The server has no place. Only the text of `ws` says so: its event is a warning in Bun.
  if (message === 'Unexpected server response: 503') return NetworkError.refused
  // Without a code it comes from `ws`: not HTTP 101, or not the answer that RFC 6455 wants. With one of these it is
  // the HTTP parser's or OpenSSL's.
  if (code === undefined || /^(?:HPE_|EPROTO$|ERR_SSL_|ERR_TLS_)/.test(code))
    return NetworkError.handshakeFailed
  return connectErrorOf(error, options)
}
