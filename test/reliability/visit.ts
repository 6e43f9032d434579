import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectSecure } from 'node:tls'
import { answer, greeting, welcome } from '../lib/gameMaker.ts'

/** How a guest comes in. */
export type Way = 'tcp' | 'ws' | 'wss'

/** Asks for a WebSocket at `/`. */
export const upgradeText: string =
  'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'

/** The header of a short frame of the other side, which has no mask. */
const frameHeadBytes = 2
const headEnd = '\r\n\r\n'

/** A binary message of a client, or what it is on plain TCP. A mask of zeros changes nothing. */
export function messageOf(way: Way, bytes: Uint8Array): Uint8Array {
  if (way === 'tcp') return bytes
  return Buffer.concat([Uint8Array.of(0x82, 0x80 | bytes.length, 0, 0, 0, 0), bytes])
}

/** Answers GameMaker's greeting. */
export function answerOf(way: Way): Uint8Array {
  return messageOf(way, Buffer.from(answer, 'hex'))
}

/**
 * One of many source addresses, since each has its own ports and a port rests after its connection. Only Linux has them
 * without being told.
 */
export function sourceOf(index: number): { localAddress?: string } {
  if (process.platform !== 'linux') return {}
  return { localAddress: `127.0.${1 + ((index >> 6) % 64)}.${2 + (index % 64)}` }
}

/** A connection that has not said anything yet. It reads what comes, and its errors are only its end. */
export function dial(way: Way, port: number, source: { localAddress?: string } = {}): Socket {
  const host = '127.0.0.1'
  const socket =
    way === 'wss'
      ? connectSecure({ port, host, rejectUnauthorized: false, ...source })
      : connect({ port, host, ...source })
  socket.setNoDelay(true)
  socket.on('error', () => {})
  return socket
}

/** Shakes hands as far as the server wants it; resolves to whether it is let in. */
export async function enter(socket: Socket, way: Way, raw: boolean): Promise<boolean> {
  if (!raw || way !== 'tcp') return shakeHands(socket, way, raw)
  socket.resume()
  await once(socket, 'connect')
  return true
}

/** Shakes hands as a GameMaker client; resolves to whether the server has welcomed it, or to `false` when it is closed. */
export function shakeHands(socket: Socket, way: Way, raw = false): Promise<boolean> {
  const overhead = way === 'tcp' ? 0 : frameHeadBytes
  const greetingBytes = greeting.length / 2 + overhead
  const welcomeBytes = welcome.length / 2 + overhead
  let head = ''
  let isUpgraded = way === 'tcp'
  let received = 0
  let hasAnswered = false
  if (way !== 'tcp')
    socket.once(way === 'wss' ? 'secureConnect' : 'connect', () => socket.write(upgradeText))
  return new Promise((resolve) => {
    socket.once('close', () => resolve(false))
    socket.on('data', function take(bytes: Buffer) {
      if (isUpgraded) received += bytes.length
      else {
        head += bytes.toString('latin1')
        const end = head.indexOf(headEnd)
        if (end < 0) return
        isUpgraded = head.startsWith('HTTP/1.1 101 ')
        received = head.length - end - headEnd.length
      }
      if (!isUpgraded) return
      if (raw) {
        socket.off('data', take)
        socket.resume()
        resolve(true)
        return
      }
      if (!hasAnswered && received >= greetingBytes) {
        hasAnswered = true
        socket.write(answerOf(way))
      }
      if (received < greetingBytes + welcomeBytes) return
      socket.off('data', take)
      socket.resume()
      resolve(true)
    })
  })
}

/** Answers the close frame that ends a WebSocket to which nothing else is sent. */
export function answerClose(socket: Socket): void {
  socket.on('data', ([first]: Buffer) => {
    if (first === 0x88) socket.write(Buffer.from('888000000000', 'hex'))
  })
}
