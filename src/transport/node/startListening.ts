// Begins to listen with any server of node:net, node:http or node:https.

import { type Server, type Socket } from 'node:net'
import { NetworkError } from '../../constants/NetworkError.ts'
import { bindErrorOf, bindWarningOf, hasNoSockets } from './bindErrors.ts'
import { trueErrorOf } from './lookUpErrors.ts'
import { type Listener, type ListenerEvents, type ListenOptions } from '../Transport.ts'

/**
 * Connections that the system keeps until they are accepted. Beyond it clients wait for a second or more, and a peer that
 * waits for our greeting may wait for ever. It is as many as Linux allows by default; Node asks for 511.
 */
const backlog = 4_096

/**
 * Binds a server of `node:net`, or one of those made of it. Without a host that is synchronous, so a failure shows at
 * once: `portUnavailable`, or `tooManySockets`. A worker of `node:cluster` binds the port itself: through the primary process it
 * would be bound later, and its connections would be dealt out to several worlds.
 */
export function startListening(
  server: Server,
  { port, host }: ListenOptions,
  events: ListenerEvents,
): Listener | NetworkError {
  let isClosed = false
  let hasFailed = false
  server.on('error', (said) => {
    if (isClosed || server.listening) return
    const error = trueErrorOf(said)
    const warning = bindWarningOf(error, port, host)
    if (warning !== undefined) events.warned(warning)
    // Otherwise the returned value has reported it.
    if (!hasFailed) events.failed(bindErrorOf(error))
  })
  const exclusive = true
  if (host === undefined) {
    server.listen({ port, exclusive, backlog })
    hasFailed = !server.listening
    if (hasFailed) {
      server.once('listening', () => server.close())
      return hasNoSockets() ? NetworkError.tooManySockets : NetworkError.portUnavailable
    }
  } else
    server.listen({ port, host, exclusive, backlog }, () => {
      if (isClosed) server.close()
      else events.listening()
    })
  return {
    get port() {
      return portOf(server.address())
    },
    close() {
      isClosed = true
      server.close()
    },
  }
}

/** Whether the peer of a connection that came in has reset it already, and with it went its address. Then it is rejected. */
export function isGone(socket: Socket, events: ListenerEvents): boolean {
  if (socket.remoteAddress !== undefined) return false
  socket.on('error', () => {}).destroy()
  events.rejected()
  return true
}

/** The port in what `server.address()` gives; 0 if it is not bound. */
export function portOf(address: unknown): number {
  const { port } = Object(address) as { port?: unknown }
  return typeof port === 'number' ? port : 0
}
