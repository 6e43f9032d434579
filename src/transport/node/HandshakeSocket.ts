import { type Socket } from 'node:net'
import { WebSocket } from 'ws'

/**
 * A WebSocket of `ws` as far as its handshake: `ws` calls `setSocket` when that is done, on servers and clients alike, and would
 * attach its own reader and writer there. Here the network socket stays free, and `open` says so.
 */
export class HandshakeSocket extends WebSocket {
  /** What has arrived behind the handshake. */
  head: Uint8Array | undefined

  /** `ws` calls this. */
  setSocket(socket: Socket, head: Buffer): void {
    this.head = head
    // The time limits of HTTP.
    socket.setTimeout(0)
    this.emit('open')
  }
}
