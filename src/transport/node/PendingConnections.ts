import { type Socket } from 'node:net'

/**
 * Connections of a server that have not come so far that they can be told of. A secure connection is another object after
 * its TLS handshake, so they are found by their addresses.
 */
export class PendingConnections {
  readonly #sockets = new Map<string, Socket>()
  readonly #sizeMax: number
  readonly #left: () => void

  /** @param left one has ended, or was turned away because `sizeMax` were there */
  constructor(sizeMax: number, left: () => void) {
    this.#sizeMax = sizeMax
    this.#left = left
  }

  /** A connection as it comes in. */
  add(socket: Socket): void {
    if (this.#sockets.size >= this.#sizeMax) {
      socket.destroy()
      this.#left()
      return
    }
    const key = keyOf(socket)
    this.#sockets.set(key, socket)
    socket.once('close', () => {
      if (this.#sockets.get(key) !== socket) return
      this.#sockets.delete(key)
      this.#left()
    })
  }

  /** It can be told of now. */
  release(socket: Socket): void {
    this.#sockets.delete(keyOf(socket))
  }

  /** Ends them all, without telling. */
  destroy(): void {
    const sockets = [...this.#sockets.values()]
    this.#sockets.clear()
    for (const socket of sockets) socket.destroy()
  }
}

function keyOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`
}
