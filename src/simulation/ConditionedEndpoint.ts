import { NetworkError } from '../constants/NetworkError.ts'
import { type DatagramEndpoint, type DatagramEvents } from '../transport/DatagramTransport.ts'
import { type BadLine } from './BadLine.ts'
import { type Deliveries } from './Deliveries.ts'
import { type LinkDirection } from './LinkDirection.ts'
import { windowBytes } from './SegmentLine.ts'

/** What a datagram takes in memory besides its bytes, so that a flood of empty ones is bounded too. */
const bytesPerDatagram = 128

/** A bound port of a real transport as it is behind a bad line. */
export class ConditionedEndpoint implements DatagramEndpoint, DatagramEvents {
  readonly #line: BadLine
  readonly #bytesMax: number
  readonly #out: LinkDirection
  readonly #in: LinkDirection
  readonly #sending: Deliveries
  readonly #receiving: Deliveries
  #real: DatagramEndpoint | undefined
  /** `undefined` once it is closed. */
  #events: DatagramEvents | undefined
  /** Of datagrams on the line from here. */
  #sendingBytes = 0
  /** Of datagrams on the line to here. */
  #receivingBytes = 0

  constructor(line: BadLine, bytesMax: number, events: DatagramEvents) {
    this.#line = line
    this.#bytesMax = bytesMax
    this.#events = events
    this.#out = line.direction('out')
    this.#in = line.direction('in')
    this.#sending = line.deliveries()
    this.#receiving = line.deliveries()
  }

  /** The real endpoint is bound. */
  bound(real: DatagramEndpoint): void {
    this.#real = real
  }

  // The real endpoint calls these.

  received(bytes: Uint8Array, ip: string, port: number): void {
    if (this.#events === undefined) return
    const size = bytes.length + bytesPerDatagram
    this.#in.sendDatagram(this.#line.clock.now(), bytes.length, (atMs, isCorrupt) => {
      // Nothing makes the senders wait.
      if (this.#receivingBytes > windowBytes) return this.#line.lose()
      const copy = this.#in.copyOf(bytes, isCorrupt)
      this.#receivingBytes += size
      this.#receiving.add(atMs, () => {
        this.#receivingBytes -= size
        this.#events?.received(copy, ip, port)
      })
    })
  }

  undelivered(error: NetworkError): void {
    this.#events?.undelivered(error)
  }

  warned(message: string): void {
    this.#events?.warned?.(message)
  }

  // Who uses it calls these.

  get localPort(): number {
    return this.#real?.localPort ?? 0
  }

  get pendingBytes(): number {
    if (this.#events === undefined) return 0
    return Math.max(0, this.#sendingBytes - windowBytes) + this.#real!.pendingBytes
  }

  get pendingCount(): number {
    return this.#events === undefined ? 0 : (this.#real!.pendingCount ?? 0)
  }

  reaches(ip: string): boolean {
    return this.#real!.reaches?.(ip) ?? true
  }

  send(bytes: Uint8Array, ip: string, port: number): 0 | NetworkError {
    if (!this.reaches(ip)) return NetworkError.unreachable
    return this.#carry(bytes, 0, (copy) => this.#real!.send(copy, ip, port))
  }

  /** Returns 1 for one that leaves later: how many networks it goes to shows only then. */
  broadcast(bytes: Uint8Array, port: number): number | NetworkError {
    return this.#carry(bytes, 1, (copy) => this.#real!.broadcast(copy, port))
  }

  setMulticast(isOn: boolean): void {
    if (this.#events !== undefined) this.#real!.setMulticast(isOn)
  }

  close(): void {
    if (this.#events === undefined) return
    this.#events = undefined
    this.#receiving.clear()
    this.#closeWhenSent()
  }

  /**
   * Calls `send` for each copy of a datagram that comes through.
   *
   * @returns what it returns, or `taken` if none has left yet
   */
  #carry<Taken extends number>(
    bytes: Uint8Array,
    taken: Taken,
    send: (copy: Uint8Array) => Taken | NetworkError,
  ): Taken | NetworkError {
    if (this.#events === undefined) return NetworkError.notConnected
    if (bytes.length > this.#bytesMax) return NetworkError.tooLarge
    const size = bytes.length + bytesPerDatagram
    let result: Taken | NetworkError = taken
    let isLater = false
    this.#out.sendDatagram(this.#line.clock.now(), bytes.length, (atMs, isCorrupt) => {
      const copy = this.#out.copyOf(bytes, isCorrupt)
      this.#sendingBytes += size
      this.#sending.add(atMs, () => {
        this.#sendingBytes -= size
        const sent = send(copy)
        if (!isLater) result = sent
        else if (sent < 0) this.#events?.undelivered(sent as NetworkError)
        if (this.#events === undefined) this.#closeWhenSent()
      })
    })
    isLater = true
    return result
  }

  #closeWhenSent(): void {
    if (this.#sendingBytes === 0) this.#real!.close()
  }
}
