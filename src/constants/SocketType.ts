/**
 * The kinds of socket, with GameMaker's numbers (`network_socket_tcp` …).
 *
 * `memory` is ours: worlds of one process joined without the operating system.
 */
export const SocketType = {
  tcp: 0,
  udp: 1,
  bluetooth: 2,
  ws: 6,
  wss: 7,
  memory: 100,
} as const

export type SocketType = (typeof SocketType)[keyof typeof SocketType]
