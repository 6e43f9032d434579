import {
  createReliableLink,
  feedReliable,
  type ReliableLink,
  type ReliableSink,
  runReliable,
  sendReliable,
} from '../../../src/protocol/reliable/ReliableLink.ts'
import {
  createAck,
  createData,
  type ReliableDatagram,
  readReliable,
} from '../../../src/protocol/reliable/reliableDatagram.ts'

/** A link alone, and what it tells. */
export class LinkBench implements ReliableSink {
  readonly link: ReliableLink
  readonly sent: ReliableDatagram[] = []
  /** Of each datagram that was sent, whether it was a repeat. */
  readonly repeats: boolean[] = []
  readonly told: string[] = []

  constructor(options: Partial<Parameters<typeof createReliableLink>[0]> = {}) {
    let session = 0x100
    this.link = createReliableLink({
      createSession: () => session++,
      isOrdered: false,
      messageBytesMax: 1 << 20,
      sendQueueBytesMax: 1 << 20,
      ...options,
    })
  }

  send(datagram: Uint8Array, isRepeat: boolean): void {
    this.sent.push(readReliable(datagram)!)
    this.repeats.push(isRepeat)
  }

  message(bytes: Uint8Array): void {
    this.told.push(`message of ${bytes.length}, first ${bytes[0]}`)
  }

  lost(cause: string): void {
    this.told.push(cause)
  }

  feed(bytes: Uint8Array, nowMs: number, hasRoom = true): void {
    feedReliable(this.link, readReliable(bytes)!, nowMs, this, hasRoom)
  }

  /** Sends a message of so many zeros, if there is room. */
  queue(size: number): void {
    sendReliable(this.link, new Uint8Array(size))
  }

  /** Runs the link and gives what it sent. */
  run(nowMs: number): ReliableDatagram[] {
    runReliable(this.link, nowMs, this)
    return this.sent.splice(0)
  }

  /** Acknowledges the datagrams `from` to `to`, each by itself. */
  acknowledge(from: number, to: number, nowMs: number): void {
    for (let sequence = from; sequence <= to; sequence++)
      this.feed(createAck(this.link.sender.session, sequence & 0xffff, 0), nowMs)
  }
}

/** The only datagram of a message, of session 7 unless told, empty or of one byte. */
export function createSingle(
  sequence: number,
  { session = 7, text = -1 }: { session?: number; text?: number } = {},
): Uint8Array {
  const payload = text < 0 ? new Uint8Array(0) : Uint8Array.of(text)
  return createData(session, sequence, 0, true, true, payload)
}

/** A message that begins with a number. */
export function numbered(number: number, size = 4): Uint8Array {
  const bytes = new Uint8Array(size)
  new DataView(bytes.buffer).setUint32(0, number)
  return bytes
}

export function numberOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
}

/** 0, 1, 2 … */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number)
}
