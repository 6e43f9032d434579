import { type Connection, DisconnectReason, type Transport } from 'bitecs-networking'
import { ConnectionRecorder } from 'bitecs-networking/testing'
import { type StreamPeer } from './RawPeer.ts'
import { type Step, until } from './until.ts'

/** The other end of a memory connection, played byte by byte. */
export class MemoryPeer implements StreamPeer {
  readonly #recorder: ConnectionRecorder
  #taken = 0
  #hasLeft = false

  constructor(recorder: ConnectionRecorder) {
    this.#recorder = recorder
  }

  static connect(transport: Transport, port: number): MemoryPeer {
    const recorder = new ConnectionRecorder()
    const limits = { timeoutMs: 1_000, messageBytesMax: Infinity, protocol: '' }
    recorder.connection = transport.connect({ host: 'memory', port, ...limits }, recorder)
    return new MemoryPeer(recorder)
  }

  get hasEnded(): boolean {
    return this.#hasLeft || this.#recorder.isOver
  }

  get isClosed(): boolean {
    return this.hasEnded
  }

  get wasReset(): boolean {
    return this.#recorder.reasons.includes(DisconnectReason.reset)
  }

  /** Bytes received and not taken yet. */
  get size(): number {
    return this.#received.length - this.#taken
  }

  get #received(): Buffer {
    return Buffer.concat(this.#recorder.messages)
  }

  get #connection(): Connection {
    return this.#recorder.connection!
  }

  send(content: string | Uint8Array): void {
    this.#connection.write(typeof content === 'string' ? Buffer.from(content, 'hex') : content)
  }

  async take(size: number, step: Step = []): Promise<string> {
    await until(() => this.size >= size || this.isClosed, step)
    if (this.size < size) throw new Error(`closed after ${this.size} of ${size} bytes`)
    this.#taken += size
    return this.#received.toString('hex', this.#taken - size, this.#taken)
  }

  takeAll(): string {
    const hex = this.#received.toString('hex', this.#taken)
    this.#taken = this.#received.length
    return hex
  }

  end(): void {
    this.#hasLeft = true
    this.#connection.close()
  }

  reset(): void {
    this.#hasLeft = true
    this.#connection.reset()
  }

  close(): void {
    this.reset()
  }
}

/** A memory listener whose connections are raw peers. */
export class MemoryListener {
  readonly port: number
  readonly #peers: MemoryPeer[] = []
  readonly #close: () => void
  #given = 0

  constructor(transport: Transport) {
    const limits = { messageBytesMax: Infinity, handshakeTimeoutMs: 1_000 }
    const listener = transport.listen(
      { port: 0, ...limits },
      {
        accepted: (connection) => {
          const recorder = new ConnectionRecorder(connection)
          this.#peers.push(new MemoryPeer(recorder))
          return recorder
        },
        listening() {},
        failed() {},
        warned() {},
        rejected() {},
      },
    )
    if (typeof listener === 'number') throw new Error(`listen returned ${listener}`)
    this.port = listener.port
    this.#close = () => listener.close()
  }

  /** The next connection. */
  async accept(): Promise<MemoryPeer> {
    const index = this.#given++
    await until(() => this.#peers.length > index)
    return this.#peers[index]!
  }

  close(): void {
    this.#close()
    for (const peer of this.#peers) peer.close()
  }
}
