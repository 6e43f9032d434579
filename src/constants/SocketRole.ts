/** What a socket entity is: `Socket(world).role[entity]`. */
export const SocketRole = {
  /** Listens for connections. */
  server: 0,
  /** Made by `createSocket`. */
  client: 1,
  /** The server's end of a client's connection. */
  accepted: 2,
} as const

export type SocketRole = (typeof SocketRole)[keyof typeof SocketRole]
