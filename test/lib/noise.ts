// Strangers that send what no client would. Each uses a connection or a socket of its own.

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { answer } from './gameMaker.ts'
import { mulberry32 } from './random.ts'

/** How many random messages the tests send in all, each suite its share. */
export const noiseMessages: number = Number(process.env['NOISE_MESSAGES'] ?? 20_000)

/** `SEED` repeats a run that has failed. */
export const noiseSeed: number = Number(process.env['SEED'] ?? Date.now() % 1_000_000)

/** The header of a packet without the size. */
const packetStart = Buffer.from('dec0adde0c000000', 'hex')
/** What a terminal obeys, and what no text should have. */
const pieces = ['\u001b[2J', '\r\n', '\0', '\u009b31m', '\u202e', '\ud800', '{"a":', 'é', '😀', 'x']

/** Draws what is sent. */
export class Noise {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = mulberry32(seed)
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  isLucky(chance: number): boolean {
    return this.#random() < chance
  }

  /** A message: short mostly, and often with a first byte that means something. */
  message(): Buffer {
    const bytes = Buffer.from(Array.from({ length: this.#size() }, () => this.below(256)))
    if (bytes.length > 0 && this.isLucky(0.6)) bytes[0] = this.below(8)
    const text = this.isLucky(0.3) ? Buffer.from(this.text()) : Buffer.alloc(0)
    return Buffer.concat([bytes, text])
  }

  text(): string {
    return Array.from({ length: this.below(8) }, () => pieces[this.below(pieces.length)]).join('')
  }

  /** A message in a packet, whose header is right mostly. */
  packet(): Buffer {
    const message = this.message()
    const size = Buffer.alloc(4)
    size.writeUInt32LE(this.isLucky(0.9) ? message.length : this.below(2 ** 32))
    const packet = Buffer.concat([packetStart, size, message])
    if (this.isLucky(0.1)) packet[this.below(packet.length)] = this.below(256)
    return packet
  }

  datagram(): Buffer {
    return this.isLucky(0.3) ? this.message() : this.packet()
  }

  #size(): number {
    if (this.isLucky(0.05)) return this.below(3_000)
    return this.below(this.isLucky(0.5) ? 8 : 64)
  }
}

/** Sends messages over TCP, mostly behind the right handshake, and resolves when the connection is closed. */
export async function sendOverTcp(port: number, noise: Noise, count: number): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  socket.resume()
  const closed = new Promise((resolve) => socket.once('close', resolve))
  if (noise.isLucky(0.8)) socket.write(Buffer.from(answer, 'hex'))
  for (let sent = 0; sent < count; sent++) {
    socket.write(noise.isLucky(0.8) ? noise.packet() : noise.message())
    if (noise.isLucky(0.2)) await turn()
  }
  const end = noise.below(3)
  if (end === 0) socket.end()
  else if (end === 1) socket.resetAndDestroy()
  else socket.end(noise.message())
  await closed
}

/** Sends messages over WebSocket, text and binary, and now and then what is not a frame. */
export async function sendOverWebSocket(url: string, noise: Noise, count: number): Promise<void> {
  const socket = new WebSocket(url)
  socket.on('error', () => {})
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await Promise.race([once(socket, 'open'), closed])
  const isOpen = (): boolean => socket.readyState === WebSocket.OPEN
  if (isOpen() && noise.isLucky(0.8)) socket.send(Buffer.from(answer, 'hex'))
  for (let sent = 0; sent < count; sent++) {
    const kind = noise.below(10)
    const message = kind < 7 ? noise.packet() : noise.message()
    const text = noise.text()
    const fin = noise.isLucky(0.95)
    if (isOpen()) socket.send(kind === 9 ? text : message, { fin })
    if (noise.isLucky(0.2)) await turn()
  }
  const rest = noise.message()
  const end = noise.below(3)
  if (!isOpen()) await closed
  else if (end === 0) socket.close()
  else if (end === 1) socket.terminate()
  else (socket as unknown as { _socket: { end(bytes: Uint8Array): void } })._socket.end(rest)
  await closed
}

/** Sends datagrams, and resolves when they have left. */
export async function sendOverUdp(port: number, noise: Noise, count: number): Promise<void> {
  const socket = createSocket('udp4')
  socket.on('error', () => {})
  for (let sent = 0; sent < count; sent++) {
    const datagram = noise.datagram()
    await new Promise((resolve) => {
      socket.send(datagram, port, '127.0.0.1', resolve)
    })
  }
  socket.close()
}

/** Runs a case and says in its error which seed repeats it. */
export async function withSeed(run: (noise: Noise) => Promise<void>): Promise<void> {
  try {
    await run(new Noise(noiseSeed))
  } catch (error) {
    throw new Error(`SEED=${noiseSeed}: ${String(error)}`, { cause: error })
  }
}
