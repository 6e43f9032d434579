import { type Socket } from 'node:net'
import { WebSocket } from 'ws'

/**
 * A WebSocket of `ws` as far as its handshake: `ws` calls `setSocket` when that is done, on servers and clients alike, and would
 * attach its own reader and writer there. Here the network socket stays free, and `open` says so.
 */
export class HandshakeSocket extends WebSocket {
  /** What has arrived behind the handshake. */
  head: Uint8Array | undefined

  /**
   * `ws` calls this.
   *
   * @returns whether the handshake is done, for Bun's own `ws`
   */
  setSocket(socket: Socket, head: Buffer, options: object = {}): boolean {
    this.head = head
    const answer = answerIn(options)
    if (answer !== undefined) socket.write(answer)
    // The time limits of HTTP.
    socket.setTimeout(0)
    this.emit('open')
    return true
  }
}

/** The answer to the request of a client, which Bun's own `ws` leaves to `setSocket`. */
function answerIn(options: object): string | undefined {
  return Object.getOwnPropertySymbols(options)
    .map((key) => Reflect.get(options, key) as unknown)
    .find(
      (value): value is string => typeof value === 'string' && value.startsWith('HTTP/1.1 101 '),
    )
}
