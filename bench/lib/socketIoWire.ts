// Socket.IO 4 from the client's side, over WebSocket alone: an event with one binary argument is a text frame and a
// binary frame.
import { moreNeeded, type Opening, type Wire } from './Wire.ts'
import { createWebSocketWire } from './webSocketWire.ts'

const event = Buffer.from('451-["m",{"_placeholder":true,"num":0}]')
const textFrame = 0x81
const maskBit = 0x80
const shortLengthMax = 125
/** In place of a length: two bytes with the length follow. */
const extended = 126

/** Events of one payload size; the reply has the same bytes as the request. */
export function createSocketIoWire(payloadBytes: number): Wire {
  const binary = createWebSocketWire(payloadBytes)
  const asked = maskedText(event)
  const replied = Buffer.concat([Buffer.from([textFrame, event.length]), event])
  return {
    ...binary,
    requestBytes: asked.length + binary.requestBytes,
    replyBytes: replied.length + binary.replyBytes,
    requestPayloadAt: asked.length + binary.requestPayloadAt,
    replyPayloadAt: replied.length + binary.replyPayloadAt,
    writeRequest(view, at) {
      new Uint8Array(view.buffer, view.byteOffset).set(asked, at)
      binary.writeRequest(view, at + asked.length)
    },
    writeReply(view, at) {
      new Uint8Array(view.buffer, view.byteOffset).set(replied, at)
      binary.writeReply(view, at + replied.length)
    },
    createOpening: () =>
      createOpening(binary.createOpening('/socket.io/?EIO=4&transport=websocket')),
  }
}

/** The upgrade, the session of Engine.IO, and the connection to the namespace. */
function createOpening(upgrade: Opening): Opening {
  let next: 'upgrade' | 'session' | 'namespace' = 'upgrade'
  return {
    first: upgrade.first,
    take(soFar) {
      if (next === 'upgrade') {
        const step = upgrade.take(soFar)
        if (step.isOpen) next = 'session'
        return { ...step, isOpen: false }
      }
      const used = textFrameBytes(soFar, next === 'session' ? '0{' : '40{')
      if (used === 0) return moreNeeded
      const isOpen = next === 'namespace'
      next = 'namespace'
      return { used, isOpen, say: isOpen ? undefined : maskedText(Buffer.from('40')) }
    },
  }
}

/** Of a whole text frame that begins so; 0 while more is needed. */
function textFrameBytes(bytes: Buffer, start: string): number {
  if (bytes.length < 4) return 0
  const short = bytes[1] ?? 0
  const headBytes = short === extended ? 4 : 2
  const used = headBytes + (short === extended ? bytes.readUInt16BE(2) : short)
  if (bytes.length < used) return 0
  if (bytes[0] !== textFrame || !bytes.toString('latin1', headBytes, used).startsWith(start))
    throw new Error(`handshake: expected ${start}, got ${bytes.toString('latin1')}`)
  return used
}

/** Masked by zeros. */
function maskedText(text: Buffer): Buffer {
  if (text.length > shortLengthMax) throw new Error(`only texts up to ${shortLengthMax} bytes`)
  return Buffer.concat([Buffer.from([textFrame, maskBit | text.length, 0, 0, 0, 0]), text])
}
