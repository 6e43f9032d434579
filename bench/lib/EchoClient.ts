// One client of the load generator: sends a batch, checks every byte that comes back, sends the next.
import { connect, type Socket } from 'node:net'
import {
  checkReplies,
  countReceived,
  createMessageBatch,
  type MessageBatch,
  nextBatch,
} from './MessageBatch.ts'
import { type Opening, type Wire } from './Wire.ts'

const readBytesMax = 64 * 1024

/** What a client is told. */
export interface EchoClientOptions {
  port: number
  client: number
  inFlight: number
  payloadBytes: number
  onOpen: () => void
  onFailed: (reason: string) => void
}

/** Connects to the server under test at once; sends nothing before `start`. */
export class EchoClient {
  /** How often bytes arrived: replies per read tells how many share one write. */
  reads = 0
  readonly #socket: Socket
  readonly #batch: MessageBatch
  readonly #options: EchoClientOptions
  #opening: Opening | undefined
  #early: Buffer = Buffer.alloc(0)
  #batchesLeft = 0
  #onDone: () => void = () => {}
  #isClosed = false

  constructor(wire: Wire, options: EchoClientOptions) {
    const { port, client, inFlight, payloadBytes } = options
    this.#options = options
    this.#batch = createMessageBatch(wire, client, inFlight, payloadBytes)
    this.#opening = wire.createOpening()
    // Reads go into one buffer of our own, which spares the generator an allocation per chunk.
    const buffer = Buffer.allocUnsafeSlow(readBytesMax)
    const onread = { buffer, callback: (bytes: number) => this.#take(buffer, bytes) }
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true, onread })
    this.#socket.on('error', (error) => this.#fail(error.message))
    this.#socket.on('close', () => {
      if (!this.#isClosed) this.#fail('the server closed the connection')
    })
    if (this.#opening.first !== undefined) this.#socket.write(this.#opening.first)
  }

  get received(): number {
    return countReceived(this.#batch)
  }

  get isDrained(): boolean {
    return this.#batch.awaitedBytes === 0
  }

  /** Sends a batch in one write; each further one follows when the last has come back whole. */
  start(): void {
    this.run(Infinity, () => {})
  }

  /** Sends so many batches, as `start`, and calls back when the last has come back whole. */
  run(batches: number, onDone: () => void): void {
    this.#batchesLeft = batches
    this.#onDone = onDone
    this.#next()
  }

  /** Sends nothing more; what is in flight still has to come back. */
  stop(): void {
    this.#batchesLeft = 0
  }

  close(): void {
    this.#isClosed = true
    this.#socket.destroy()
  }

  #next(): void {
    if (this.#batchesLeft === 0) {
      this.#onDone()
      return
    }
    this.#batchesLeft--
    this.#socket.write(nextBatch(this.#batch))
  }

  #take(buffer: Buffer, bytes: number): boolean {
    try {
      this.reads++
      if (this.#opening === undefined) {
        checkReplies(this.#batch, buffer, bytes)
        if (this.isDrained) this.#next()
      } else this.#open(this.#opening, buffer.subarray(0, bytes))
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error))
    }
    return true
  }

  #open(opening: Opening, chunk: Buffer): void {
    this.#early = Buffer.concat([this.#early, chunk])
    for (;;) {
      const { used, isOpen, say } = opening.take(this.#early)
      if (used === 0) return
      this.#early = this.#early.subarray(used)
      if (say !== undefined) this.#socket.write(say)
      if (!isOpen) continue
      if (this.#early.length > 0) throw new Error('bytes came before anything was sent')
      this.#opening = undefined
      this.#options.onOpen()
      return
    }
  }

  #fail(reason: string): void {
    this.#options.onFailed(`client ${this.#options.client}: ${reason}`)
  }
}
