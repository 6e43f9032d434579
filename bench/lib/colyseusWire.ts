// Colyseus 0.18 from the client's side: a seat by HTTP, then a WebSocket whose messages have two bytes before their payload.
import { moreNeeded, type Opening, type Wire } from './Wire.ts'
import { createWebSocketWire } from './webSocketWire.ts'

/** ROOM_DATA_BYTES, and the type 5 as its encoder writes it. */
const prefix = [17, 5] as const
const joinRoom = 10
const binaryFrame = 0x82
const maskBit = 0x80
const request =
  'POST /matchmake/joinOrCreate/game HTTP/1.1\r\nHost: 127.0.0.1\r\n' +
  'Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'
/** Says that the room was joined. */
const joined = Buffer.from([binaryFrame, maskBit | 1, 0, 0, 0, 0, joinRoom])

/** What the server tells of a seat, and more. */
interface Seat {
  readonly sessionId: string
  readonly roomId: string
  readonly processId: string
}

/** Messages of one payload size; the reply has the same bytes as the request. */
export function createColyseusWire(payloadBytes: number): Wire {
  const wire = createWebSocketWire(prefix.length + payloadBytes)
  // The prefix shifts the payload by two bytes of the mask.
  const mask = ((wire.mask >>> 16) | (wire.mask << 16)) >>> 0
  return {
    ...wire,
    mask,
    requestPayloadAt: wire.requestPayloadAt + prefix.length,
    replyPayloadAt: wire.replyPayloadAt + prefix.length,
    writeRequest(view, at) {
      wire.writeRequest(view, at)
      for (const [index, byte] of prefix.entries())
        view.setUint8(
          at + wire.requestPayloadAt + index,
          byte ^ ((wire.mask >>> (8 * index)) & 0xff),
        )
    },
    writeReply(view, at) {
      wire.writeReply(view, at)
      for (const [index, byte] of prefix.entries())
        view.setUint8(at + wire.replyPayloadAt + index, byte)
    },
    createOpening: () => createOpening((path) => wire.createOpening(path)),
  }
}

/** The seat, the upgrade on the same connection, and joining the room. */
function createOpening(createUpgrade: (path: string) => Opening): Opening {
  let upgrade: Opening | undefined
  let isUpgraded = false
  return {
    first: Buffer.from(request, 'latin1'),
    take(soFar) {
      if (upgrade === undefined) {
        const [seat, used] = takeSeat(soFar)
        if (seat === undefined) return moreNeeded
        upgrade = createUpgrade(`/${seat.processId}/${seat.roomId}?sessionId=${seat.sessionId}`)
        return { used, isOpen: false, say: upgrade.first }
      }
      if (!isUpgraded) {
        const step = upgrade.take(soFar)
        isUpgraded = step.isOpen
        return { ...step, isOpen: false }
      }
      const used = 2 + (soFar[1] ?? 0)
      if (soFar.length < used || soFar.length < 3) return moreNeeded
      if (soFar[0] !== binaryFrame || soFar[2] !== joinRoom)
        throw new Error(`handshake: expected the room, got ${soFar.toString('hex')}`)
      return { used, isOpen: true, say: joined }
    },
  }
}

/** The answer of the server when it is whole, and its length. */
function takeSeat(soFar: Buffer): readonly [Seat | undefined, number] {
  const end = soFar.indexOf('\r\n\r\n')
  if (end < 0) return [undefined, 0]
  const head = soFar.toString('latin1', 0, end)
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? Number.NaN)
  if (!head.startsWith('HTTP/1.1 200 ') || Number.isNaN(length)) throw new Error(`no seat: ${head}`)
  const used = end + 4 + length
  if (soFar.length < used) return [undefined, 0]
  return [JSON.parse(soFar.toString('utf8', end + 4, used)) as Seat, used]
}
