// Clients over UDP. A datagram that is lost is sent again after a while, and is nobody's fault.
import { createSocket, type Socket } from 'node:dgram'
import { createMessageBatch, type MessageBatch, nextBatch } from '../load/MessageBatch.ts'
import { createTcpWire } from '../tcpWire.ts'
import { type Load, settled } from './Load.ts'
import { type LoadOptions } from './workloadList.ts'

const payloadBytes = 32
const resendMs = 250

/** Binds the clients. A unit is a batch of each; a datagram is laid out as a packet over TCP. */
export async function openDatagramLoad(
  port: number,
  options: Extract<LoadOptions, { kind: 'datagrams' }>,
): Promise<Load> {
  const clients: DatagramClient[] = []
  for (let client = 0; client < options.clients; client++) {
    const socket = createSocket('udp4')
    await settled((done) => socket.connect(port, '127.0.0.1', done))
    clients.push(new DatagramClient(socket, client, options.inFlight))
  }
  return {
    run: (units) =>
      settled((done, fail) => {
        let busy = clients.length
        const onDone = (): void => {
          if (--busy === 0) done()
        }
        for (const client of clients) client.run(units, onDone, fail)
      }),
    close() {
      for (const client of clients) client.close()
    },
  }
}

class DatagramClient {
  readonly #socket: Socket
  readonly #batch: MessageBatch
  /** Which messages of the batch have not come back, by their place in it. */
  readonly #missing = new Set<number>()
  #batchesLeft = 0
  #onDone: () => void = () => {}
  #onFailed: (reason: string) => void = () => {}
  #timer: NodeJS.Timeout | undefined

  constructor(socket: Socket, client: number, inFlight: number) {
    this.#socket = socket
    this.#batch = createMessageBatch(createTcpWire(payloadBytes), client, inFlight, payloadBytes)
    socket.on('message', (datagram) => this.#take(datagram))
    socket.on('error', (error) => this.#onFailed(error.message))
  }

  run(batches: number, onDone: () => void, onFailed: (reason: string) => void): void {
    this.#batchesLeft = batches
    this.#onDone = onDone
    this.#onFailed = onFailed
    this.#next()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#socket.close()
  }

  #next(): void {
    clearTimeout(this.#timer)
    if (this.#batchesLeft-- === 0) {
      this.#onDone()
      return
    }
    nextBatch(this.#batch)
    for (let index = 0; index < this.#batch.size; index++) this.#missing.add(index)
    this.#send()
  }

  #send(): void {
    const { wire, requests } = this.#batch
    for (const index of this.#missing)
      this.#socket.send(requests, index * wire.requestBytes, wire.requestBytes)
    this.#timer = setTimeout(() => this.#send(), resendMs)
  }

  #take(datagram: Buffer): void {
    const { wire, size, written, replies } = this.#batch
    const counterAt = wire.replyPayloadAt + 4
    const isWhole = datagram.length === wire.replyBytes
    const index = isWhole ? datagram.readUInt32LE(counterAt) - (written - size) : size
    // The reply to a datagram that was sent twice.
    if (index < 0) return
    const at = index * wire.replyBytes
    if (index >= size || datagram.compare(replies, at, at + wire.replyBytes) !== 0) {
      this.#onFailed(`a wrong datagram came back: ${datagram.toString('hex')}`)
      return
    }
    if (this.#missing.delete(index) && this.#missing.size === 0) this.#next()
  }
}
