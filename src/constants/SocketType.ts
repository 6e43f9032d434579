import { nameOf } from './nameOf.ts'

/**
 * The kinds of socket, with GameMaker's numbers (`network_socket_tcp` …).
 *
 * `memory` is ours.
 */
export const SocketType = {
  tcp: 0,
  udp: 1,
  /** GameMaker's name; no platform has it here. */
  bluetooth: 2,
  /** WebSocket (RFC 6455). In a page, the only ones are this and `wss`, as clients. */
  ws: 6,
  /** WebSocket with TLS. */
  wss: 7,
  /** Joins worlds without the operating system. */
  memory: 100,
} as const

export type SocketType = (typeof SocketType)[keyof typeof SocketType]

/** The name of a {@link SocketType}, or the number in digits where it is none. */
export function socketTypeName(type: number): string {
  return nameOf(SocketType, type) ?? String(type)
}
