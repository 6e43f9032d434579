// Options of the TCP sockets under every connection in Node.

/** Silence after which the operating system begins to ask whether the peer is still there. */
const keepAliveMs = 10_000

/** How long a closed connection may go on without handing over a byte, or without hearing the peer close. */
export const lingerMs: number = 5_000

/** What every TCP socket gets, whatever is spoken over it. */
export const socketOptions: {
  readonly noDelay: boolean
  readonly keepAlive: boolean
  readonly keepAliveInitialDelay: number
} = { noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs }
