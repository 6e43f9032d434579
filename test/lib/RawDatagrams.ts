import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { type Step, until } from './until.ts'

/** A datagram as `node:dgram` tells it. */
export interface RawDatagram {
  readonly hex: string
  readonly ip: string
  readonly port: number
}

/** A UDP socket of `node:dgram`, played datagram by datagram. It sends and hears one family only. */
export class RawDatagrams {
  readonly port: number
  /** What has arrived and was not taken. */
  readonly received: RawDatagram[] = []
  /** The error codes of what could not be sent. */
  readonly errors: string[] = []
  readonly #socket: Socket
  readonly #host: string

  private constructor(socket: Socket, host: string) {
    this.#socket = socket
    this.#host = host
    this.port = socket.address().port
    socket.on('message', (bytes, { address: ip, port }) =>
      this.received.push({ hex: bytes.toString('hex'), ip, port }),
    )
  }

  static async bind(host = '127.0.0.1', port = 0): Promise<RawDatagrams> {
    const socket = createSocket(isIPv6(host) ? { type: 'udp6', ipv6Only: true } : { type: 'udp4' })
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind({ port, address: host, exclusive: true }, resolve)
    })
    return new RawDatagrams(socket, host)
  }

  /** Sends hex or bytes; without an address to the own one. */
  send(content: string | Uint8Array, port: number, ip: string = this.#host): void {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'hex') : content
    this.#socket.send(bytes, port, ip, (error: NodeJS.ErrnoException | null) => {
      if (error !== null) this.errors.push(error.code ?? error.message)
    })
  }

  /** Waits for the next datagram and takes it. */
  async take(step: Step = []): Promise<RawDatagram> {
    await until(() => this.received.length > 0, step)
    return this.received.shift()!
  }

  close(): void {
    this.#socket.close()
  }
}
