import { type Socket } from 'node:net'
import * as assert from 'uvu/assert'
import { packet, u32 } from '../lib/gameMaker.ts'
import { until } from '../lib/until.ts'
import { dial, enter, messageOf, type Way } from './visit.ts'

/** A player sends a message, which comes back. */
const playEveryMs = 100

/** Clients that send messages, and count what comes back. */
export class Players {
  readonly #way: Way
  readonly #sockets: Socket[] = []
  readonly #message: Uint8Array
  readonly #echoBytes: number
  readonly #timer: NodeJS.Timeout
  sent = 0
  closed = 0
  #received = 0

  constructor(way: Way) {
    this.#way = way
    const bytes = Buffer.from(packet(u32(7)), 'hex')
    this.#message = messageOf(way, bytes)
    this.#echoBytes = bytes.length + (way === 'tcp' ? 0 : 2)
    this.#timer = setInterval(() => this.#play(), playEveryMs)
  }

  get echoed(): number {
    return this.#received / this.#echoBytes
  }

  async join(port: number, count: number, raw = false): Promise<void> {
    for (let index = 0; index < count; index++) {
      const socket = dial(this.#way, port)
      assert.ok(await enter(socket, this.#way, raw))
      socket.on('data', ({ length }) => (this.#received += length))
      socket.once('close', () => this.closed++)
      this.#sockets.push(socket)
    }
  }

  /** Sends no more, and waits for the last answers. */
  async finish(): Promise<void> {
    clearInterval(this.#timer)
    await until(() => this.echoed >= this.sent || this.closed > 0)
  }

  close(): void {
    clearInterval(this.#timer)
    for (const socket of this.#sockets) socket.destroy()
  }

  #play(): void {
    for (const socket of this.#sockets) {
      socket.write(this.#message)
      this.sent++
    }
  }
}
