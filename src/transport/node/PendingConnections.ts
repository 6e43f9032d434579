import { type Socket } from 'node:net'
import { realClock } from '../../clock/Clock.ts'
import { setLimit } from '../../clock/patience.ts'
import { PendingTable } from '../PendingTable.ts'

/** A connection, and the end of its time. */
interface Pending {
  readonly socket: Socket
  readonly key: Socket | string
  readonly address: string
  readonly cancelLimit: () => number
  readonly end: () => void
}

/**
 * Connections of a server that have not come so far that they can be emitted, and their time limit. A secure connection is
 * another object after its TLS handshake, so such are found by their addresses.
 */
export class PendingConnections {
  readonly #byKey = new Map<Pending['key'], Pending>()
  readonly #table = new PendingTable<Pending>()
  readonly #isSecure: boolean
  readonly #timeoutMs: number
  readonly #sizeMax: number
  readonly #left: () => void

  /**
   * @param sizeMax beyond it one of them has to go
   * @param left one has ended, or was ended because its time was up or there were too many
   */
  constructor(isSecure: boolean, timeoutMs: number, sizeMax: number, left: () => void) {
    this.#isSecure = isSecure
    this.#timeoutMs = timeoutMs
    this.#sizeMax = sizeMax
    this.#left = left
  }

  /** A connection as it comes in. */
  add(socket: Socket): void {
    const end = (): void => this.#end(pending)
    const pending: Pending = {
      socket,
      key: this.#keyOf(socket),
      address: socket.remoteAddress ?? '',
      cancelLimit: setLimit(realClock, this.#timeoutMs, end, true),
      end,
    }
    this.#byKey.set(pending.key, pending)
    this.#table.add(pending.address, pending)
    socket.on('close', end)
    const beyond = this.#table.beyond(this.#sizeMax)
    if (beyond !== undefined) this.#end(beyond)
  }

  /** It can be emitted now. Returns how many milliseconds it has taken. */
  release(socket: Socket): number {
    const pending = this.#byKey.get(this.#keyOf(socket))
    return pending !== undefined && this.#remove(pending) ? pending.cancelLimit() : 0
  }

  /** Ends them all, without calling `left`. */
  destroy(): void {
    for (const pending of this.#table) {
      this.#remove(pending)
      pending.socket.destroy()
    }
  }

  #end(pending: Pending): void {
    if (!this.#remove(pending)) return
    pending.socket.destroy()
    this.#left()
  }

  /** Returns whether it was there. */
  #remove(pending: Pending): boolean {
    pending.cancelLimit()
    // Nothing of it stays with an open connection.
    pending.socket.off('close', pending.end)
    if (this.#byKey.get(pending.key) === pending) this.#byKey.delete(pending.key)
    return this.#table.remove(pending.address, pending)
  }

  #keyOf(socket: Socket): Pending['key'] {
    if (!this.#isSecure) return socket
    const { remoteAddress, remotePort, localAddress } = socket
    return `${remoteAddress} ${remotePort} ${localAddress}`
  }
}
