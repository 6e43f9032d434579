// Reliable UDP once more, from the section "Reliable UDP" of docs/protocol.md alone. It shares no code with src/protocol
// and has another shape: slow and plain, with everything of a session kept in arrays by its full number.

interface Outgoing {
  readonly index: number
  readonly isLast: boolean
  readonly payload: Buffer
  /** When it was sent, each time. */
  readonly sentMs: number[]
  isAcknowledged: boolean
}

interface Incoming {
  readonly session: number
  /** By full number, with holes. */
  readonly pieces: (Piece | undefined)[]
  /** Numbers of the first fragments of messages that were handed out. */
  readonly done: Set<number>
  readonly toAnswer: Set<number>
  progressMs: number
  heardMs: number
}

interface Piece {
  readonly index: number
  readonly isLast: boolean
  readonly payload: Buffer
}

export class SecondPeer {
  readonly messages: Buffer[] = []
  readonly losses: string[] = []
  readonly #send: (datagram: Buffer) => void
  readonly #random: () => number
  readonly #isOrdered: boolean
  #session = -1
  #isOpening = true
  #numbered: Outgoing[] = []
  #waiting: Omit<Outgoing, 'sentMs' | 'isAcknowledged'>[] = []
  #roundTripMs: number | undefined
  /** The last acknowledgement, or when something began to be unacknowledged. */
  #countFromMs = 0
  #incoming: Incoming | undefined
  readonly #over: number[] = []

  constructor(send: (datagram: Buffer) => void, random: () => number, isOrdered: boolean) {
    this.#send = send
    this.#random = random
    this.#isOrdered = isOrdered
  }

  say(message: Uint8Array): void {
    const count = Math.max(1, Math.ceil(message.length / 1188))
    for (let index = 0; index < count; index++) {
      const payload = Buffer.from(message.subarray(index * 1188, (index + 1) * 1188))
      this.#waiting.push({ index, isLast: index === count - 1, payload })
    }
  }

  get isIdle(): boolean {
    return (
      this.#waiting.length === 0 &&
      this.#unacknowledged().length === 0 &&
      (this.#incoming === undefined || !this.#hasStored(this.#incoming))
    )
  }

  /** A datagram has come. */
  hear(datagram: Buffer, nowMs: number): void {
    if (datagram.length < 12 || datagram.length > 1200) return
    const rest = datagram.subarray(4)
    if (datagram.readUInt32LE(0) !== checksum(Buffer.concat([Buffer.from('BNR1'), rest]))) return
    const session = datagram.readUInt32LE(4)
    const number = datagram.readUInt16LE(8)
    const part = datagram.readUInt16LE(10)
    if (part >= 0x8000) {
      if (datagram.length === 12 && session === this.#session)
        this.#hearAcknowledgement(number, part - 0x8000, nowMs)
      return
    }
    const isOpening = (part & 0x2000) !== 0
    if (this.#incoming?.session !== session) {
      if (!isOpening || this.#over.includes(session)) return
      this.#endIncoming()
      const empty = { pieces: [], done: new Set<number>(), toAnswer: new Set<number>() }
      this.#incoming = { session, ...empty, progressMs: nowMs, heardMs: nowMs }
    }
    const piece = {
      index: part & 0x1fff,
      isLast: (part & 0x4000) !== 0,
      payload: datagram.subarray(12),
    }
    this.#hearData(this.#incoming, number, piece, nowMs)
  }

  /** Must be called often, every millisecond at best. */
  tick(nowMs: number): void {
    this.#answer()
    const unacknowledged = this.#unacknowledged()
    if (unacknowledged.length > 0 && nowMs - this.#countFromMs >= 10_000) this.#lose('timedOut')
    if (this.#session < 0 || (unacknowledged.length === 0 && nowMs - this.#countFromMs >= 10_000))
      this.#beginSession()
    for (const number of this.#unacknowledged()) {
      const lastMs = this.#numbered[number]!.sentMs.at(-1)!
      const isDoubtful = unacknowledged.length <= 4 && lastMs - this.#countFromMs >= 2_000
      if (nowMs - lastMs >= (isDoubtful ? 200 : this.#resendMs())) this.#sendOne(number, nowMs)
    }
    while (this.#waiting.length > 0) {
      const open = this.#unacknowledged()
      if (open.length >= 256 || this.#numbered.length - (open[0] ?? Infinity) >= 1024) break
      if (open.length === 0) this.#countFromMs = nowMs
      this.#numbered.push({ ...this.#waiting.shift()!, sentMs: [], isAcknowledged: false })
      this.#sendOne(this.#numbered.length - 1, nowMs)
    }
    const incoming = this.#incoming
    if (
      incoming !== undefined &&
      this.#hasStored(incoming) &&
      nowMs - incoming.progressMs >= 20_000
    )
      this.#endBoth('timedOut')
  }

  #sendOne(number: number, nowMs: number): void {
    const { index, isLast, payload, sentMs } = this.#numbered[number]!
    sentMs.push(nowMs)
    const part = index + (this.#isOpening ? 0x2000 : 0) + (isLast ? 0x4000 : 0)
    this.#send(createDatagram(this.#session, number, part, payload))
  }

  #hearAcknowledgement(low: number, bits: number, nowMs: number): void {
    this.#countFromMs = nowMs
    this.#isOpening = false
    for (let back = 0; back <= 15; back++) {
      if (back > 0 && ((bits >> (back - 1)) & 1) === 0) continue
      const number = this.#unacknowledged().find((open) => open % 65_536 === (low - back + 65_536) % 65_536) // prettier-ignore
      if (number === undefined) continue
      const outgoing = this.#numbered[number]!
      outgoing.isAcknowledged = true
      if (outgoing.sentMs.length > 1) continue
      const tripMs = nowMs - outgoing.sentMs[0]!
      this.#roundTripMs = this.#roundTripMs === undefined ? tripMs : (this.#roundTripMs * 7 + tripMs) / 8 // prettier-ignore
    }
  }

  #hearData(incoming: Incoming, low: number, piece: Piece, nowMs: number): void {
    incoming.heardMs = nowMs
    const { pieces, toAnswer } = incoming
    const base = this.#baseOf(incoming)
    let number = base - (base % 65_536) + low
    if (number - base >= 32_768) number -= 65_536
    if (number - base < -32_768) number += 65_536
    if (number < 0 || number > base + 1023) return
    if (pieces[number] !== undefined) {
      toAnswer.add(number)
      return
    }
    if (!piece.isLast && piece.payload.length < 1188) {
      this.#endBoth('malformed')
      return
    }
    if (piece.index * 1188 + piece.payload.length > 1_048_576) {
      this.#endBoth('tooLarge')
      return
    }
    if (!this.#hasStored(incoming)) incoming.progressMs = nowMs
    pieces[number] = piece
    toAnswer.add(number)
    if (this.#baseOf(incoming) > base) incoming.progressMs = nowMs
    this.#deliver(incoming, number)
  }

  /** Hands out what the datagram has completed, or in the ordered mode all that has its turn. */
  #deliver(incoming: Incoming, number: number): void {
    if (!this.#isOrdered) {
      this.#deliverFrom(incoming, number - incoming.pieces[number]!.index)
      return
    }
    let start = 0
    for (const done of incoming.done) start = Math.max(start, this.#endOf(incoming, done)!)
    while (this.#deliverFrom(incoming, start)) start = this.#endOf(incoming, start)!
  }

  #deliverFrom({ pieces, done }: Incoming, start: number): boolean {
    const end = this.#endOf({ pieces }, start)
    if (end === undefined || done.has(start)) return false
    done.add(start)
    this.messages.push(Buffer.concat(pieces.slice(start, end).map((piece) => piece!.payload)))
    return true
  }

  /** The number after a message's last fragment, if the message is there whole. */
  #endOf({ pieces }: Pick<Incoming, 'pieces'>, start: number): number | undefined {
    for (let number = start; ; number++) {
      const piece = pieces[number]
      if (piece === undefined || piece.index !== number - start) return undefined
      if (piece.isLast) return number + 1
    }
  }

  /** Whether something has come and is not handed out. */
  #hasStored(incoming: Incoming): boolean {
    const base = this.#baseOf(incoming)
    if (incoming.pieces.length > base) return true
    return base > 0 && !incoming.pieces[base - 1]!.isLast
  }

  #baseOf({ pieces }: Incoming): number {
    for (let number = 0; ; number++) if (pieces[number] === undefined) return number
  }

  #answer(): void {
    if (this.#incoming === undefined) return
    const { toAnswer, pieces, session } = this.#incoming
    while (toAnswer.size > 0) {
      const number = Math.max(...toAnswer)
      toAnswer.delete(number)
      let bits = 0
      for (let bit = 0; bit < 15; bit++) {
        if (pieces[number - 1 - bit] === undefined) continue
        bits += 2 ** bit
        toAnswer.delete(number - 1 - bit)
      }
      this.#send(createDatagram(session, number, 0x8000 + bits, Buffer.alloc(0)))
    }
  }

  #unacknowledged(): number[] {
    const numbers: number[] = []
    for (const [number, { isAcknowledged }] of this.#numbered.entries())
      if (!isAcknowledged) numbers.push(number)
    return numbers
  }

  #resendMs(): number {
    if (this.#roundTripMs === undefined) return 500
    return Math.min(500, Math.max(200, 1.5 * this.#roundTripMs))
  }

  #lose(cause: string): void {
    this.losses.push(cause)
    this.#waiting = []
    this.#beginSession()
  }

  #endBoth(cause: string): void {
    this.#endIncoming()
    this.#lose(cause)
  }

  #endIncoming(): void {
    if (this.#incoming !== undefined) this.#over.push(this.#incoming.session)
    this.#incoming = undefined
  }

  #beginSession(): void {
    this.#session = Math.floor(this.#random() * 2 ** 32)
    this.#isOpening = true
    this.#numbered = []
    this.#roundTripMs = undefined
  }
}

function createDatagram(session: number, number: number, part: number, payload: Buffer): Buffer {
  const datagram = Buffer.concat([Buffer.alloc(12), payload])
  datagram.writeUInt32LE(session, 4)
  datagram.writeUInt16LE(number % 65_536, 8)
  datagram.writeUInt16LE(part, 10)
  const rest = datagram.subarray(4)
  datagram.writeUInt32LE(checksum(Buffer.concat([Buffer.from('BNR1'), rest])), 0)
  return datagram
}

/** CRC-32 by its definition: the remainder of a division, bit by bit, lowest bit first. */
function checksum(bytes: Buffer): number {
  let remainder = 0xffffffff
  for (const byte of bytes)
    for (let bit = 0; bit < 8; bit++) {
      const carry = (remainder ^ (byte >> bit)) & 1
      remainder >>>= 1
      if (carry === 1) remainder = (remainder ^ 0xedb88320) >>> 0
    }
  return (remainder ^ 0xffffffff) >>> 0
}
