import { connect, type Socket } from 'node:net'
import { type Step, turns, until } from './until.ts'

/** What can be done with the other end of a stream. */
export type StreamPeer = Pick<
  RawPeer,
  | 'send'
  | 'take'
  | 'takeAll'
  | 'size'
  | 'end'
  | 'reset'
  | 'close'
  | 'hasEnded'
  | 'isClosed'
  | 'wasReset'
>

/** The other end of a TCP connection, played byte by byte. */
export class RawPeer {
  readonly socket: Socket
  /** The other side has said that it will send no more. */
  hasEnded = false
  /** The connection is gone, whoever ended it. */
  isClosed = false
  /** The error code it ended with, such as `ECONNRESET`. */
  error: string | undefined
  #chunks: Buffer[] = []
  /** Bytes received and not taken yet. */
  size = 0

  constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on('data', (bytes: Buffer) => {
      this.#chunks.push(bytes)
      this.size += bytes.length
    })
    socket.on('end', () => (this.hasEnded = true))
    socket.on('error', ({ code }: NodeJS.ErrnoException) => (this.error = code))
    socket.on('close', () => (this.isClosed = true))
  }

  /** Connects; the peer keeps its own direction open when the other side ends. */
  static async connect(port: number, host = '127.0.0.1'): Promise<RawPeer> {
    const peer = new RawPeer(connect({ port, host, allowHalfOpen: true }))
    await until(() => peer.socket.readyState === 'open' || peer.isClosed)
    return peer
  }

  get wasReset(): boolean {
    return this.error === 'ECONNRESET'
  }

  get localPort(): number {
    return this.socket.localPort ?? 0
  }

  /** Sends hex or bytes. */
  send(content: string | Uint8Array): void {
    this.socket.write(typeof content === 'string' ? Buffer.from(content, 'hex') : content)
  }

  /** Sends hex in parts that arrive one by one, cut before each of these bytes. */
  async sendCut(hex: string, cuts: readonly number[]): Promise<void> {
    let from = 0
    for (const cut of [...cuts, hex.length / 2]) {
      this.send(hex.slice(from * 2, cut * 2))
      from = cut
      await turns()
    }
  }

  /** Waits for this many bytes and takes them, as hex. */
  async take(size: number, step: Step = []): Promise<string> {
    await until(() => this.size >= size || this.isClosed, step)
    if (this.size < size)
      throw new Error(`closed after ${this.size} of ${size} bytes: ${this.takeAll()}`)
    const all = Buffer.concat(this.#chunks)
    this.#chunks = [all.subarray(size)]
    this.size -= size
    return all.toString('hex', 0, size)
  }

  /** Takes what is there, as hex. */
  takeAll(): string {
    const all = Buffer.concat(this.#chunks)
    this.#chunks = []
    this.size = 0
    return all.toString('hex')
  }

  /** Ends this direction; the other stays open. */
  end(): void {
    this.socket.end()
  }

  /** Ends the connection by a reset. */
  reset(): void {
    this.socket.resetAndDestroy()
  }

  close(): void {
    this.socket.destroy()
  }
}
