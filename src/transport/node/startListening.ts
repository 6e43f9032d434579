// Begins to listen with any server of node:net, node:http or node:https.

import { type Server } from 'node:net'
import { NetworkError } from '../../constants/NetworkError.ts'
import { listenErrorOf } from './systemErrors.ts'
import { type Listener, type ListenerEvents, type ListenOptions } from '../Transport.ts'

/**
 * Binds a server of `node:net`, or one of those made of it. Without a host that is synchronous, so a taken port shows at
 * once: `portUnavailable`.
 */
export function startListening(
  server: Server,
  { port, host }: ListenOptions,
  events: ListenerEvents,
): Listener | NetworkError {
  let isClosed = false
  if (host === undefined) {
    // Reported already, by the return value.
    server.on('error', () => {})
    server.listen({ port })
    if (!server.listening) return NetworkError.portUnavailable
  } else {
    server.on('error', (error) => {
      if (!isClosed && !server.listening) events.failed(listenErrorOf(error))
    })
    server.listen({ port, host }, () => {
      if (isClosed) server.close()
      else events.listening()
    })
  }
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

/** The port in what `server.address()` gives; 0 if it is not bound. */
export function portOf(address: unknown): number {
  const { port } = (typeof address === 'object' && address !== null ? address : {}) as {
    port?: unknown
  }
  return typeof port === 'number' ? port : 0
}
