import { type RawData, type WebSocket } from 'ws'
import { type Step, until } from '../lib/until.ts'

/** One end of a connection that the package `ws` alone plays. */
export class PlainPeer {
  readonly socket: WebSocket
  /** What has arrived and was not taken: binary messages in hex, text messages as `text:` and their text. */
  readonly messages: string[] = []
  /** The payloads of what the other side has pinged with, and of its pongs, in hex. */
  readonly pings: string[] = []
  readonly pongs: string[] = []
  /** The code that the connection has ended with. */
  code: number | undefined

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data, isBinary) => {
      const bytes = bytesOf(data)
      this.messages.push(isBinary ? bytes.toString('hex') : `text:${bytes.toString()}`)
    })
    socket.on('ping', (data) => this.pings.push(data.toString('hex')))
    socket.on('pong', (data) => this.pongs.push(data.toString('hex')))
    socket.on('error', () => {})
    socket.on('close', (code) => (this.code = code))
  }

  /** Waits for as many messages and takes them. */
  async take(count: number, step: Step = []): Promise<string[]> {
    await until(() => this.messages.length >= count || this.code !== undefined, step)
    if (this.messages.length < count)
      throw new Error(`closed with ${this.code} after ${this.messages.length} messages`)
    return this.messages.splice(0, count)
  }

  /** Sends hex as a binary message. */
  send(hex: string): void {
    this.socket.send(Buffer.from(hex, 'hex'))
  }

  sendText(text: string): void {
    this.socket.send(text)
  }

  /** Waits until the connection has ended, and gives the code. */
  async ends(step: Step = []): Promise<number> {
    await until(() => this.code !== undefined, step)
    return this.code!
  }
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data)
  return Buffer.isBuffer(data) ? data : Buffer.from(data)
}
