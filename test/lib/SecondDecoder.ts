// Written from docs/protocol.md alone; shares nothing with src.
// It keeps every undelivered byte in one Buffer and slices from the front: slow, but easy to check by eye.

export type SecondRole = 'server' | 'client'
export type SecondPolicy = 'discard' | 'raw' | 'close'
export type SecondCause = 'handshake' | 'tooLarge' | 'malformed'

export type SecondEvent =
  | { kind: 'reply'; hex: string }
  | { kind: 'opened'; gameId: number | null }
  | { kind: 'packet'; hex: string }
  | { kind: 'raw'; hex: string }
  | { kind: 'discarded'; count: number }
  | { kind: 'failed'; cause: SecondCause }

export interface SecondOptions {
  role: SecondRole
  limit?: number
  policy?: SecondPolicy
  /** What a client puts into its answer. */
  gameId?: number
  /** No handshake and no headers. */
  rawMode?: boolean
}

const MEBIBYTE = 1024 * 1024

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const fromHex = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')

const GREETING = Buffer.concat([Buffer.from('GM:Studio-Connect', 'latin1'), Buffer.of(0)])
const ANSWER_START = fromHex('be ba fe ca  0b b0 ad de  10 00 00 00')
const WELCOME = fromHex('ad be af de  eb be 0d f0  0c 00 00 00')
const HEADER_START = fromHex('de c0 ad de  0c 00 00 00')

export const secondGreeting = (): Buffer => Buffer.from(GREETING)

export const secondAnswer = (gameId: number): Buffer => {
  const id = Buffer.alloc(4)
  id.writeInt32LE(gameId)
  return Buffer.concat([ANSWER_START, id])
}

export const secondWelcome = (): Buffer => Buffer.from(WELCOME)

export const secondPacket = (payload: Uint8Array): Buffer => {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(payload.length)
  return Buffer.concat([HEADER_START, size, payload])
}

/** Whether the bytes there are so far can still become (or already begin with) `wanted`. */
const agrees = (bytes: Buffer, wanted: Buffer): boolean => {
  const known = Math.min(bytes.length, wanted.length)
  return bytes.subarray(0, known).equals(wanted.subarray(0, known))
}

type State = 'await answer' | 'await greeting' | 'await welcome' | 'open' | 'ended'

export class SecondDecoder {
  readonly events: SecondEvent[] = []
  state: State
  /** Bytes of an open connection that its end has made worthless. */
  lost = 0
  private pending: Buffer = Buffer.alloc(0)
  private readonly limit: number
  private readonly policy: SecondPolicy
  private readonly gameId: number
  private readonly rawMode: boolean

  constructor(options: SecondOptions) {
    this.limit = options.limit ?? (options.role === 'server' ? 4 * MEBIBYTE : 64 * MEBIBYTE)
    this.policy = options.policy ?? 'discard'
    this.gameId = options.gameId ?? 0
    this.rawMode = options.rawMode ?? false
    if (this.rawMode) this.state = 'open'
    else this.state = options.role === 'server' ? 'await answer' : 'await greeting'
  }

  receive(chunk: Uint8Array): void {
    if (this.state === 'ended' || chunk.length === 0) return
    if (this.rawMode) {
      this.events.push({ kind: 'raw', hex: hexOf(chunk) })
      return
    }
    this.pending = Buffer.concat([this.pending, chunk])
    while (this.step());
  }

  /** The peer has closed its side. Returns how many bytes of an unfinished packet are lost. */
  end(): number {
    this.finish()
    return this.lost
  }

  /** Does one row of the document's table; false when more bytes are needed or nothing more will happen. */
  private step(): boolean {
    switch (this.state) {
      case 'await answer': {
        if (!agrees(this.pending, ANSWER_START)) return this.fail('handshake')
        if (this.pending.length < 16) return false
        const gameId = this.cut(16).readInt32LE(12)
        this.state = 'open'
        this.events.push({ kind: 'opened', gameId }, { kind: 'reply', hex: hexOf(WELCOME) })
        return true
      }
      case 'await greeting': {
        if (!agrees(this.pending, GREETING)) return this.fail('handshake')
        if (this.pending.length < 18) return false
        this.cut(18)
        this.state = 'await welcome'
        this.events.push({ kind: 'reply', hex: hexOf(secondAnswer(this.gameId)) })
        return true
      }
      case 'await welcome': {
        if (!agrees(this.pending, WELCOME)) return this.fail('handshake')
        if (this.pending.length < 12) return false
        this.cut(12)
        this.state = 'open'
        this.events.push({ kind: 'opened', gameId: null })
        return true
      }
      case 'open': {
        if (!agrees(this.pending, HEADER_START)) return this.malformed()
        if (this.pending.length < 12) return false
        const size = this.pending.readUInt32LE(8)
        if (size > this.limit) return this.fail('tooLarge')
        if (this.pending.length < 12 + size) return false
        this.events.push({ kind: 'packet', hex: hexOf(this.cut(12 + size).subarray(12)) })
        return true
      }
      default: {
        return false
      }
    }
  }

  private malformed(): boolean {
    if (this.policy === 'close') return this.fail('malformed')
    const bytes = this.cut(this.pending.length)
    if (this.policy === 'raw') this.events.push({ kind: 'raw', hex: hexOf(bytes) })
    else this.events.push({ kind: 'discarded', count: bytes.length })
    return false
  }

  private fail(cause: SecondCause): boolean {
    this.finish()
    this.events.push({ kind: 'failed', cause })
    return false
  }

  private finish(): void {
    if (this.state === 'open') this.lost = this.pending.length
    this.state = 'ended'
    this.pending = Buffer.alloc(0)
  }

  private cut(length: number): Buffer {
    const front = this.pending.subarray(0, length)
    this.pending = this.pending.subarray(length)
    return front
  }
}
