import { createSocket, type Socket } from 'node:dgram'
import { mulberry32 } from './random.ts'

const host = '127.0.0.1'

/** How long a datagram that should change places waits for another. */
const swapMs = 50

/** What happens to each datagram of a direction. Probabilities are from 0 to 1; 0 if not given. */
export interface Impairment {
  readonly loss?: number
  readonly duplicate?: number
  /** It leaves after the next one of its direction. */
  readonly swap?: number
  /** One of its bits is flipped. */
  readonly corrupt?: number
  readonly delayMs?: number
  /** Up to this much is added to the delay, so that datagrams overtake each other. */
  readonly jitterMs?: number
}

export interface LossyProxyOptions {
  readonly targetPort: number
  readonly seed: number
  readonly toTarget?: Impairment
  readonly toClient?: Impairment
  /** Datagrams on their way at most; what comes then is lost. */
  readonly pendingMax?: number
  /** Clients at most; datagrams of others are lost. */
  readonly clientsMax?: number
}

/**
 * A bad network on loopback: what clients send to its port goes on to the target from one port per client, and what the
 * target answers there goes back. What befalls the n-th datagram of a client and direction follows from the seed.
 */
export class LossyProxy {
  /** Nothing gets through, in either direction; what is on its way still arrives. */
  isBlackhole = false
  /** Datagrams that arrived, that were handed on (duplicates count), and that were dropped. */
  readonly counts = { arrived: 0, forwarded: 0, dropped: 0 }
  readonly #options: LossyProxyOptions
  readonly #front: Socket
  readonly #clients = new Map<number, { readonly back: Socket; readonly toTarget: Lane }>()
  readonly #timers = new Set<NodeJS.Timeout>()

  private constructor(front: Socket, options: LossyProxyOptions) {
    this.#front = front
    this.#options = options
    front.on('message', (bytes, { port }) => this.#clientOf(port)?.toTarget.take(bytes))
  }

  static async open(options: LossyProxyOptions): Promise<LossyProxy> {
    const front = await bindSocket()
    return new LossyProxy(front, options)
  }

  /** Where clients send to. */
  get port(): number {
    return this.#front.address().port
  }

  /** Whether nothing is on its way. */
  get isIdle(): boolean {
    return this.#timers.size === 0
  }

  /** Datagrams on their way. */
  get pending(): number {
    return this.#timers.size
  }

  /** Drops what is on its way. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#front.close()
    for (const { back } of this.#clients.values()) back.close()
  }

  #clientOf(port: number): { readonly toTarget: Lane } | undefined {
    const known = this.#clients.get(port)
    const { targetPort, seed, toTarget = {}, toClient = {}, clientsMax = 1_000 } = this.#options
    const index = this.#clients.size
    if (known !== undefined || index >= clientsMax) return known
    const back = createSocket('udp4')
    back.bind({ address: host, port: 0 })
    const outward = this.#lane(toTarget, seed + 2 * index, (bytes) =>
      back.send(bytes, targetPort, host, () => {}),
    )
    const inward = this.#lane(toClient, seed + 2 * index + 1, (bytes) =>
      this.#front.send(bytes, port, host, () => {}),
    )
    back.on('message', (bytes, from) => {
      if (from.port === targetPort) inward.take(bytes)
    })
    const client = { back, toTarget: outward }
    this.#clients.set(port, client)
    return client
  }

  #lane(impairment: Impairment, seed: number, send: (bytes: Uint8Array) => void): Lane {
    const { counts } = this
    return new Lane(impairment, mulberry32(seed), {
      isOpen: () => {
        counts.arrived++
        const isOpen = !this.isBlackhole && this.#timers.size < (this.#options.pendingMax ?? 10_000)
        if (!isOpen) counts.dropped++
        return isOpen
      },
      drop: () => counts.dropped++,
      later: (ms, run) => this.#later(ms, run),
      send: (bytes) => {
        counts.forwarded++
        send(bytes)
      },
    })
  }

  #later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, ms)
    this.#timers.add(timer)
  }
}

/** What a lane asks of its proxy. */
interface LaneEnd {
  /** Counts a datagram that has arrived. Whether it may go on. */
  isOpen(): boolean
  drop(): void
  later(ms: number, run: () => void): void
  send(bytes: Uint8Array): void
}

/** One direction of one client. */
class Lane {
  readonly #impairment: Impairment
  readonly #random: () => number
  readonly #end: LaneEnd
  /** Sends the datagram that waits for another to leave before it. */
  #release: (() => void) | undefined

  constructor(impairment: Impairment, random: () => number, end: LaneEnd) {
    this.#impairment = impairment
    this.#random = random
    this.#end = end
  }

  take(bytes: Uint8Array): void {
    if (!this.#end.isOpen()) return
    const { loss = 0, duplicate = 0, swap = 0, corrupt = 0 } = this.#impairment
    // As many draws for each, so that one's fate does not change the next one's.
    const isLost = this.#random() < loss
    const isTwice = this.#random() < duplicate
    const isSwapped = this.#random() < swap
    const isCorrupt = this.#random() < corrupt
    const bit = Math.floor(this.#random() * bytes.length * 8)
    const delays = [this.#delayMs(), this.#delayMs()]
    if (isLost) {
      this.#end.drop()
      return
    }
    if (isCorrupt && bytes.length > 0) bytes[bit >> 3]! ^= 1 << (bit & 7)
    const forward = (): void => {
      this.#forward(bytes, delays[0]!)
      if (isTwice) this.#forward(bytes, delays[1]!)
    }
    if (isSwapped && this.#release === undefined) {
      this.#release = forward
      this.#end.later(swapMs, () => this.#letGo(forward))
      return
    }
    forward()
    this.#letGo(this.#release)
  }

  #delayMs(): number {
    const { delayMs = 0, jitterMs = 0 } = this.#impairment
    return delayMs + this.#random() * jitterMs
  }

  #forward(bytes: Uint8Array, delayMs: number): void {
    if (delayMs === 0) this.#end.send(bytes)
    else this.#end.later(delayMs, () => this.#end.send(bytes))
  }

  /** Sends what was held back, unless that was done. */
  #letGo(held: (() => void) | undefined): void {
    if (held === undefined || this.#release !== held) return
    this.#release = undefined
    held()
  }
}

async function bindSocket(): Promise<Socket> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => {
    socket.bind({ address: host, port: 0 }, resolve)
  })
  return socket
}
