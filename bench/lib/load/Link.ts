// One connection of the load generator: opens it, then passes on what arrives.
import { connect, type Socket } from 'node:net'
import { type Opening, type Wire } from '../Wire.ts'

/** Reads of all links go into it, one after the other, which spares an allocation per chunk. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024)

/** What a link is told and asks for. */
export interface LinkOptions {
  readonly port: number
  readonly localAddress?: string
  readonly onOpen: () => void
  /** The bytes are valid during the call. */
  readonly onBytes: (buffer: Buffer, start: number, end: number) => void
  readonly onFailed: (reason: string) => void
  /** Without it a connection that the server closes has failed. */
  readonly onClosed?: () => void
}

/** Connects at once; sends nothing but the handshake by itself. */
export class Link {
  readonly socket: Socket
  readonly #options: LinkOptions
  #opening: Opening | undefined
  #early: Buffer = Buffer.alloc(0)
  #isClosed = false

  constructor(wire: Wire, options: LinkOptions) {
    const { port, localAddress, onFailed, onClosed } = options
    this.#options = options
    this.#opening = wire.createOpening()
    const onread = { buffer: readBuffer, callback: (bytes: number) => this.#take(bytes) }
    const from = localAddress === undefined ? {} : { localAddress }
    this.socket = connect({ host: '127.0.0.1', port, noDelay: true, onread, ...from })
    this.socket.on('error', (error) => {
      if (!this.#isClosed) onFailed(error.message)
    })
    this.socket.on('close', () => {
      if (onClosed !== undefined) onClosed()
      else if (!this.#isClosed) onFailed('the server closed the connection')
    })
    if (this.#opening.first !== undefined) this.socket.write(this.#opening.first)
  }

  close(): void {
    this.#isClosed = true
    this.socket.destroy()
  }

  #take(bytes: number): boolean {
    try {
      if (this.#opening === undefined) this.#options.onBytes(readBuffer, 0, bytes)
      else this.#open(this.#opening, readBuffer.subarray(0, bytes))
    } catch (error) {
      this.#options.onFailed(error instanceof Error ? error.message : String(error))
    }
    return true
  }

  #open(opening: Opening, chunk: Buffer): void {
    this.#early = Buffer.concat([this.#early, chunk])
    for (;;) {
      const { used, isOpen, say } = opening.take(this.#early)
      if (used === 0) return
      this.#early = this.#early.subarray(used)
      if (say !== undefined) this.socket.write(say)
      if (!isOpen) continue
      const rest = this.#early
      this.#opening = undefined
      this.#early = Buffer.alloc(0)
      this.#options.onOpen()
      if (rest.length > 0) this.#options.onBytes(rest, 0, rest.length)
      return
    }
  }
}
