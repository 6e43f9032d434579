// One client of the load generator: sends a batch, checks every byte that comes back, sends the next.
import { type Wire } from '../Wire.ts'
import { Link } from './Link.ts'
import {
  checkReplies,
  countReceived,
  createMessageBatch,
  type MessageBatch,
  nextBatch,
} from './MessageBatch.ts'

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
  readonly #link: Link
  readonly #batch: MessageBatch
  #batchesLeft = 0
  #onDone: () => void = () => {}

  constructor(wire: Wire, options: EchoClientOptions) {
    const { port, client, inFlight, payloadBytes, onOpen, onFailed } = options
    this.#batch = createMessageBatch(wire, client, inFlight, payloadBytes)
    this.#link = new Link(wire, {
      port,
      onOpen,
      onBytes: (buffer, start, end) => this.#take(buffer, start, end),
      onFailed: (reason) => onFailed(`client ${client}: ${reason}`),
    })
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
    this.#link.close()
  }

  #next(): void {
    if (this.#batchesLeft === 0) {
      this.#onDone()
      return
    }
    this.#batchesLeft--
    this.#link.socket.write(nextBatch(this.#batch))
  }

  #take(buffer: Buffer, start: number, end: number): void {
    this.reads++
    checkReplies(this.#batch, buffer, start, end)
    if (this.isDrained) this.#next()
  }
}
