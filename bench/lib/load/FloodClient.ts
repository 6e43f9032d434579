// A client that does not wait: it has up to a number of messages in flight and writes as fast as the socket takes it.
import { type Wire } from '../Wire.ts'
import { Link } from './Link.ts'
import {
  checkReplies,
  countReceived,
  createMessageBatch,
  type MessageBatch,
  nextBatch,
} from './MessageBatch.ts'

const payloadBytes = 32
const batchesMax = 16

/** What a client is told. */
export interface FloodClientOptions {
  readonly port: number
  readonly client: number
  readonly inFlight: number
  readonly onOpen: () => void
  readonly onFailed: (reason: string) => void
}

/** Sends nothing before `start`. The messages in flight are a ring of batches; replies come in their order. */
export class FloodClient {
  readonly #link: Link
  readonly #batches: readonly MessageBatch[]
  /** The batch that is awaited, and the one that is sent next: equal if none or all are in flight. */
  #head = 0
  #tail = 0
  #isFlooding = false

  constructor(wire: Wire, { port, client, inFlight, onOpen, onFailed }: FloodClientOptions) {
    const batches = Math.min(batchesMax, inFlight)
    const size = Math.floor(inFlight / batches)
    this.#batches = Array.from({ length: batches }, (_, index) =>
      createMessageBatch(wire, client * batchesMax + index, size, payloadBytes),
    )
    this.#link = new Link(wire, {
      port,
      onOpen,
      onBytes: (chunk, start, end) => this.#take(chunk, start, end),
      onFailed: (reason) => onFailed(`flooder ${client}: ${reason}`),
    })
    this.#link.socket.on('drain', () => this.#fill())
  }

  get received(): number {
    return this.#batches.reduce((sum, batch) => sum + countReceived(batch), 0)
  }

  get isDrained(): boolean {
    return this.#batches.every(({ awaitedBytes }) => awaitedBytes === 0)
  }

  start(): void {
    this.#isFlooding = true
    this.#fill()
  }

  /** Sends nothing more; what is in flight still has to come back. */
  stop(): void {
    this.#isFlooding = false
  }

  #fill(): void {
    const { socket } = this.#link
    while (this.#isFlooding && !socket.writableNeedDrain) {
      const batch = this.#batches[this.#tail]!
      if (batch.awaitedBytes > 0) return
      // The socket keeps what the system does not take at once; the batch stays as it is until all came back.
      socket.write(nextBatch(batch))
      this.#tail = (this.#tail + 1) % this.#batches.length
    }
  }

  #take(chunk: Buffer, start: number, end: number): void {
    let from = start
    while (from < end) {
      const batch = this.#batches[this.#head]!
      const to = Math.min(end, from + batch.awaitedBytes)
      if (to === from) throw new Error(`${end - from} bytes came that nobody asked for`)
      checkReplies(batch, chunk, from, to)
      from = to
      if (batch.awaitedBytes === 0) this.#head = (this.#head + 1) % this.#batches.length
    }
    this.#fill()
  }
}
