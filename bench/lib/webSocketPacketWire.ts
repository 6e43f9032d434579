// GameMaker's packet mode over WebSocket from the client's side: one packet in each short binary message.
import { answer, done, greeting, headerBytes, writeHeader } from './gameMaker.ts'
import { moreNeeded, type Opening, type OpeningStep, type Wire } from './Wire.ts'
import { createWebSocketWire } from './webSocketWire.ts'

/** Packets of one payload size; the reply has the same bytes as the request. */
export function createWebSocketPacketWire(payloadBytes: number): Wire {
  const wire = createWebSocketWire(headerBytes + payloadBytes)
  return {
    ...wire,
    requestPayloadAt: wire.requestPayloadAt + headerBytes,
    replyPayloadAt: wire.replyPayloadAt + headerBytes,
    writeRequest(view, at) {
      wire.writeRequest(view, at)
      const start = at + wire.requestPayloadAt
      writeHeader(view, start, payloadBytes)
      for (let word = start; word < start + headerBytes; word += 4)
        view.setUint32(word, view.getUint32(word, true) ^ wire.mask, true)
    },
    writeReply(view, at) {
      wire.writeReply(view, at)
      writeHeader(view, at + wire.replyPayloadAt, payloadBytes)
    },
    createOpening: () => createOpening(wire.createOpening()),
  }
}

/** The upgrade; then the greeting, its answer and the welcome, a message each. */
function createOpening(upgrade: Opening): Opening {
  let next: 'upgrade' | 'greeting' | 'welcome' = 'upgrade'
  return {
    first: upgrade.first,
    take(soFar) {
      if (next === 'upgrade') {
        const step = upgrade.take(soFar)
        if (step.isOpen) next = 'greeting'
        return { ...step, isOpen: false }
      }
      if (next === 'welcome') return takeMessage(soFar, done, { isOpen: true, say: undefined })
      const step = takeMessage(soFar, greeting, { isOpen: false, say: frameOf(answer) })
      if (step.used > 0) next = 'welcome'
      return step
    },
  }
}

function takeMessage(soFar: Buffer, wanted: Buffer, then: Omit<OpeningStep, 'used'>): OpeningStep {
  const message = createWebSocketWire(wanted.length)
  if (soFar.length < message.replyBytes) return moreNeeded
  const expected = Buffer.alloc(message.replyBytes)
  message.writeReply(new DataView(expected.buffer, expected.byteOffset), 0)
  wanted.copy(expected, message.replyPayloadAt)
  const got = soFar.subarray(0, message.replyBytes)
  if (!got.equals(expected))
    throw new Error(`handshake: expected ${expected.toString('hex')}, got ${got.toString('hex')}`)
  return { used: message.replyBytes, ...then }
}

/** A masked frame with these bytes; their number is divisible by four. */
function frameOf(payload: Buffer): Buffer {
  const message = createWebSocketWire(payload.length)
  const frame = Buffer.alloc(message.requestBytes)
  const view = new DataView(frame.buffer, frame.byteOffset)
  message.writeRequest(view, 0)
  for (let at = 0; at < payload.length; at += 4)
    view.setUint32(message.requestPayloadAt + at, payload.readUInt32LE(at) ^ message.mask, true)
  return frame
}
