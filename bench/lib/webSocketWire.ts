// RFC 6455 from the client's side, as little of it as short unfragmented binary messages need.
//
//   request  82 | 80+length | mask (4) | payload XOR mask
//   reply    82 |    length | payload
import { createHash, randomBytes } from 'node:crypto'
import { moreNeeded, type Opening, type Wire } from './Wire.ts'

const binaryFrame = 0x82
const maskBit = 0x80
const shortLengthMax = 125
/** Not zero, so the server has the work of unmasking that any client gives it. */
const mask = 0x5a3cc3a5

/** Masked, without content. */
export const pongFrame: Buffer = Buffer.from([0x8a, maskBit, 1, 2, 3, 4])

/** Status 1000, masked by zeros, and as the server sends it back. */
const farewell = {
  say: Buffer.from([0x88, maskBit | 2, 0, 0, 0, 0, 0x03, 0xe8]),
  await: Buffer.from([0x88, 2, 0x03, 0xe8]),
}

/** A wire whose path can be chosen. */
export interface WebSocketWire extends Wire {
  createOpening(path?: string): Opening
}

/** Binary messages of one payload size. */
export function createWebSocketWire(payloadBytes: number): WebSocketWire {
  if (payloadBytes > shortLengthMax) throw new Error(`only payloads up to ${shortLengthMax} bytes`)
  return {
    requestBytes: 6 + payloadBytes,
    replyBytes: 2 + payloadBytes,
    requestPayloadAt: 6,
    replyPayloadAt: 2,
    mask,
    writeRequest(view, at) {
      view.setUint16(at, (binaryFrame << 8) | maskBit | payloadBytes)
      view.setUint32(at + 2, mask, true)
    },
    writeReply(view, at) {
      view.setUint16(at, (binaryFrame << 8) | payloadBytes)
    },
    createOpening,
    farewell,
  }
}

function createOpening(path = '/'): Opening {
  const key = randomBytes(16).toString('base64')
  const accept = createHash('sha1')
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  const lines = [
    `GET ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${key}`,
  ]
  return {
    first: Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'),
    take(soFar) {
      const end = soFar.indexOf('\r\n\r\n')
      if (end < 0) return moreNeeded
      const head = soFar.toString('latin1', 0, end)
      if (!head.startsWith('HTTP/1.1 101 ') || !head.includes(accept))
        throw new Error(`no WebSocket upgrade: ${head}`)
      return { used: end + 4, isOpen: true, say: undefined }
    },
  }
}
