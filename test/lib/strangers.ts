// Strangers: each sends noise over a connection or a socket of its own.

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { answer } from './gameMaker.ts'
import { type Noise } from './noise.ts'

/** Sends messages, not more than `count`, and resolves to how many when the connection is closed. */
export type Stranger = (noise: Noise, count: number) => Promise<number>

/** Strangers that are there at the same time. */
const atOnce = 8
/** Messages of one that sends no right packets; others send more. */
const wildCount = 50
const wellFormedCount = 1_000
/** Between two of them over UDP, where nothing makes a sender wait. */
const udpPauseMs = 30
/** Strangers, one after the other, that may fail to send anything. */
const refusedMax = 100

/** Sends `count` messages by as many strangers as that takes. Every third sends nothing but right packets. */
export async function sendAll(stranger: Stranger, noise: Noise, count: number): Promise<void> {
  let left = count
  let index = 0
  let refused = 0
  const work = async (): Promise<void> => {
    while (left > 0) {
      const isWellFormed = index++ % 3 === 0
      const planned = Math.min(left, isWellFormed ? wellFormedCount : wildCount)
      left -= planned
      const sent = await stranger(noise.next(isWellFormed), planned)
      // The server has closed the connection: others send the rest.
      left += planned - sent
      refused = sent === 0 ? refused + 1 : 0
      if (refused > refusedMax) throw new Error('no stranger gets in any more')
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

/** Over TCP, mostly behind the right handshake. */
export function overTcp(port: number): Stranger {
  return async (noise, count) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const closed = closedOf(socket)
    const { isWellFormed } = noise
    if (isWellFormed || noise.isLucky(0.8)) socket.write(Buffer.from(answer, 'hex'))
    const send = (): void => {
      socket.write(isWellFormed || noise.isLucky(0.8) ? noise.packet() : noise.message())
    }
    const sent = await sendBatches({ noise, count, socket, closed, send })
    const end = noise.below(3)
    if (end === 0) socket.end()
    else if (end === 1) socket.resetAndDestroy()
    else socket.end(noise.message())
    await closed
    return sent
  }
}

/** Over WebSocket, text and binary, and now and then what is not a frame. */
export function overWebSocket(url: string): Stranger {
  return async (noise, count) => {
    const client = new WebSocket(url)
    client.on('error', () => {})
    const gone = new Promise<unknown>((resolve) => client.once('close', resolve))
    await Promise.race([once(client, 'open').catch(() => {}), gone])
    if (client.readyState !== WebSocket.OPEN) return gone.then(() => 0)
    const { isWellFormed } = noise
    const { _socket: socket } = client as unknown as { readonly _socket: Socket }
    if (isWellFormed || noise.isLucky(0.8)) client.send(Buffer.from(answer, 'hex'))
    const send = (): void => {
      if (isWellFormed) client.send(noise.packet())
      else client.send(...wildMessage(noise))
    }
    const sent = await sendBatches({ noise, count, socket, closed: gone, send })
    const rest = noise.message()
    const end = noise.below(3)
    if (end === 0) client.close()
    else if (end === 1) client.terminate()
    else socket.end(rest)
    await gone
    return sent
  }
}

function wildMessage(noise: Noise): [string | Buffer, { fin: boolean }] {
  const kind = noise.below(10)
  const message = kind < 7 ? noise.packet() : noise.message()
  return [kind === 9 ? noise.text() : message, { fin: noise.isLucky(0.95) }]
}

/** In datagrams. */
export function overUdp(port: number): Stranger {
  return async (noise, count) => {
    const socket = createSocket('udp4')
    socket.on('error', () => {})
    // A server takes no more of one sender in a tick.
    const planned = Math.min(count, 64)
    const left = Array.from({ length: planned }, async () => {
      const datagram = noise.datagram()
      await new Promise((resolve) => {
        socket.send(datagram, port, '127.0.0.1', resolve)
      })
    })
    await Promise.all(left)
    socket.close()
    // Else the system drops most of them before the server sees them.
    await delay(udpPauseMs)
    return planned
  }
}

interface Batches {
  readonly noise: Noise
  readonly count: number
  readonly socket: Socket
  readonly closed: Promise<unknown>
  readonly send: () => void
}

/** Sends until all is sent or the connection is closed: right packets in large writes, others mostly one by one. */
async function sendBatches({ noise, count, socket, closed, send }: Batches): Promise<number> {
  let sent = 0
  while (sent < count && socket.writable) {
    if (noise.isWellFormed) socket.cork()
    do {
      send()
      sent++
    } while (sent < count && !noise.isLucky(noise.isWellFormed ? 0.02 : 0.2))
    if (noise.isWellFormed) socket.uncork()
    if (socket.writableNeedDrain)
      await Promise.race([once(socket, 'drain').catch(() => {}), closed])
    else await turn()
  }
  return sent
}

function closedOf(socket: Socket): Promise<unknown> {
  socket.on('error', () => {})
  socket.resume()
  return new Promise((resolve) => socket.once('close', resolve))
}
