import { type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { realClock } from '../../clock/Clock.ts'
import { setLimit } from '../../clock/patience.ts'
import { noBytes } from '../../constants/noBytes.ts'
import { type Sending, SendWatch } from './SendWatch.ts'
import { lingerMs } from './socketOptions.ts'

/** Of all network sockets of the process, since the system has one table of them. */
const sends = /* @__PURE__ */ new SendWatch()

/** What a writer asks of the connection that it writes for. */
export interface WriterOwner {
  /** Where the first slice of bytes that wait ends. A slice is written at once. */
  endOfSlice(bytes: Uint8Array): number
  /** Whether what waits may still be written. */
  isOpen(): boolean
  /** All that was written has left. Not called for what has left at once. */
  drained(): void
}

/** The write queue over a network socket: it writes in slices, so that progress shows, and ends the socket behind them. */
export class SocketWriter {
  readonly #socket: Socket
  readonly #owner: WriterOwner
  /** What was written and has not been handed to the network socket, in order. */
  #waiting: Uint8Array[] | undefined
  #waitingBytes = 0
  /** Bytes handed to the network socket that the operating system has not taken. */
  #handedBytes = 0
  /** Calls of `#onWritten` that will come. */
  #callbacks = 0
  /** Whether the operating system has not taken one of them at once. */
  #isBlocked = false
  #isEnding = false
  /** Calls of `insert` whose bytes the operating system has not taken yet. */
  insertsWaiting = 0
  #lastBytes: Uint8Array | undefined
  /** Stops the limit on a connection that is ending. */
  #cancelLimit: (() => void) | undefined
  #sending: Sending | undefined

  constructor(socket: Socket, owner: WriterOwner) {
    this.#socket = socket
    this.#owner = owner
  }

  /** The network socket has closed. */
  closed(): void {
    this.#cancelLimit?.()
    if (this.#sending !== undefined) sends.delete(this.#sending)
    this.drop()
    this.#isBlocked = false
  }

  /**
   * Bytes written that the operating system has not taken yet. While there are any, none of what was written may change. What
   * was inserted does not count: that a ping waits is no progress of a peer that does not read.
   */
  get pendingBytes(): number {
    return this.#isBlocked ? this.#waitingBytes + this.#handedBytes : 0
  }

  write(bytes: Uint8Array): void {
    if (this.#isEnding || bytes.length === 0) return
    if (
      this.#waitingBytes === 0 &&
      this.#takesMore &&
      this.#owner.endOfSlice(bytes) === bytes.length
    ) {
      this.#hand(bytes)
      return
    }
    ;(this.#waiting ??= []).push(bytes)
    this.#waitingBytes += bytes.length
    this.#writeOn()
    this.#isBlocked ||= this.#waitingBytes > 0
  }

  /** Writes between two slices. These bytes are not what `drained` is about. */
  insert(bytes: Uint8Array): void {
    if (this.#isEnding) return
    this.insertsWaiting++
    this.#socket.write(bytes, () => this.insertsWaiting--)
  }

  /**
   * Ends this side when all that was written has left, and the connection when that makes no progress, or the peer does
   * not close.
   *
   * @param lastBytes are sent behind all else
   */
  end(lastBytes?: Uint8Array): void {
    this.#isEnding = true
    this.#lastBytes = lastBytes
    if (this.#cancelLimit === undefined) this.#startLimit()
    if (this.#waitingBytes === 0) this.#finish()
  }

  /** Drops what has not been handed to the network socket. */
  drop(): void {
    this.#waiting = undefined
    this.#waitingBytes = 0
  }

  /** Ends the connection at once. */
  reset(): void {
    this.drop()
    this.#isEnding = true
    const socket = this.#socket
    try {
      // Node would wait for a connection that is being made before it resets it, and would never free one that is about to
      // end its side.
      if (!socket.connecting && !socket.writableEnded) socket.resetAndDestroy()
    } catch {
      // Only plain TCP can be reset.
    }
    socket.destroy()
  }

  get #takesMore(): boolean {
    // A control frame may be under way besides.
    return this.#handedBytes === 0 || this.#socket.writableLength === 0
  }

  /** Hands over as much as the operating system takes. */
  #writeOn(): void {
    const socket = this.#socket
    const waiting = this.#waiting
    if (waiting === undefined) return
    while (this.#waitingBytes > 0 && this.#takesMore && !socket.destroyed) {
      const bytes = waiting[0]!
      const end = this.#owner.endOfSlice(bytes)
      if (end === bytes.length) waiting.shift()
      else waiting[0] = bytes.subarray(end)
      this.#waitingBytes -= end
      this.#hand(bytes.subarray(0, end))
    }
  }

  #hand(bytes: Uint8Array): void {
    const socket = this.#socket
    if (this.#sending?.isWatched !== true) this.#sending = sends.add(socket)
    if (socket instanceof TLSSocket) {
      this.#callbacks++
      socket.write(bytes, (error) => this.#onWritten(error))
      if (socket.writableLength > 0) this.#wait(bytes.length)
      return
    }
    // Most writes are taken at once: for those a callback would only cost.
    socket.write(bytes)
    if (socket.writableLength === 0) return
    this.#wait(bytes.length)
    this.#callbacks++
    socket.write(noBytes, (error) => this.#onWritten(error))
  }

  /** The operating system has not taken these bytes at once. */
  #wait(count: number): void {
    this.#handedBytes += count
    this.#isBlocked = true
  }

  /** What was handed over has left. */
  #onWritten(error: Error | null | undefined): void {
    if (--this.#callbacks > 0) return
    this.#handedBytes = 0
    if (!this.#isBlocked || error instanceof Error) return
    if (this.#cancelLimit !== undefined) this.#startLimit()
    if (!this.#owner.isOpen()) return
    this.#writeOn()
    if (this.#isEnding && this.#waitingBytes === 0) this.#finish()
    if (this.#handedBytes > 0 || this.#waitingBytes > 0) return
    this.#isBlocked = false
    if (!this.#isEnding) this.#owner.drained()
  }

  #startLimit(): void {
    this.#cancelLimit?.()
    this.#cancelLimit = setLimit(realClock, lingerMs, () => this.#socket.destroy(), true)
  }

  #finish(): void {
    const socket = this.#socket
    if (socket.writableEnded) return
    // A peer that does not close must not keep a process alive.
    socket.once('finish', () => socket.unref())
    // Node takes `undefined` for nothing.
    socket.end(this.#lastBytes!)
  }
}
