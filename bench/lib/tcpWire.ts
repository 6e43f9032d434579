// GameMaker's packet mode from the client's side.
import { answer, done, greeting, headerBytes, writeHeader } from './gameMaker.ts'
import { moreNeeded, type Opening, type Wire } from './Wire.ts'

/** Packets of one payload size; the reply has the same bytes as the request. */
export function createTcpWire(payloadBytes: number): Wire {
  const writeMessage = (view: DataView, at: number): void => writeHeader(view, at, payloadBytes)
  return {
    requestBytes: headerBytes + payloadBytes,
    replyBytes: headerBytes + payloadBytes,
    requestPayloadAt: headerBytes,
    replyPayloadAt: headerBytes,
    mask: 0,
    writeRequest: writeMessage,
    writeReply: writeMessage,
    createOpening,
  }
}

function createOpening(): Opening {
  let isGreeted = false
  return {
    first: undefined,
    take(soFar) {
      const wanted = isGreeted ? done : greeting
      if (soFar.length < wanted.length) return moreNeeded
      if (!soFar.subarray(0, wanted.length).equals(wanted))
        throw new Error(
          `handshake: expected ${wanted.toString('hex')}, got ${soFar.toString('hex')}`,
        )
      const isOpen = isGreeted
      isGreeted = true
      return { used: wanted.length, isOpen, say: isOpen ? undefined : answer }
    },
  }
}
