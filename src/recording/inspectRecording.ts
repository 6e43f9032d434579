import { socketTypeName } from '../constants/SocketType.ts'
import { type Entry } from './entries.ts'
import { RecordingError } from './RecordingError.ts'
import { RecordingFile } from './RecordingFile.ts'
import { type RecordingHead } from './RecordingHead.ts'

/** What is in a recording. */
export interface RecordingSummary {
  readonly ticks: number
  readonly events: number
  readonly seconds: number
  /** Bytes of the recording, as far as it can be read. */
  readonly bytes: number
  /** Where it is damaged or not whole, if it is. */
  readonly damage: RecordingError | undefined
  readonly settings: RecordingHead['settings']
  /** Servers, connections and UDP sockets, in the order in which they were made. */
  readonly sockets: readonly RecordedSocket[]
  /** What happened in each second in which something did, in order. */
  readonly perSecond: readonly RecordedSecond[]
}

/** A server, a connection or a UDP socket of a recording. */
export interface RecordedSocket {
  /** Its number in the recording. */
  readonly id: number
  /** For example `tcp server`, `tcp accepted`, `ws client`, `udp socket`. */
  readonly kind: string
  /** The peer's address and port; of servers and UDP sockets their own port. */
  readonly address: string
  /** Seconds since the beginning when it was made. */
  readonly from: number
  /** When it ended; `undefined` if it had not when the recording ended. */
  readonly to: number | undefined
  readonly bytesIn: number
  readonly bytesOut: number
  /** Chunks, messages or datagrams that have arrived. */
  readonly arrivals: number
}

/** What happened in one second of a recording. */
export interface RecordedSecond {
  /** Which second it is, from 0. */
  readonly second: number
  ticks: number
  events: number
  bytesIn: number
  bytesOut: number
}

type Building = { -readonly [Key in keyof RecordedSocket]: RecordedSocket[Key] }

/**
 * Reads through a recording of `recordNetwork` and sums up what is in it, up to where it is damaged or not whole.
 *
 * @throws RecordingError unless the bytes begin as a recording
 */
export function inspectRecording(recording: Uint8Array): RecordingSummary {
  return new Inspection(new RecordingFile(recording)).run()
}

class Inspection {
  readonly #file: RecordingFile
  readonly #sockets = new Map<number, Building>()
  readonly #types = new Map<number, string>()
  /** By second: a recording may say that years have passed. */
  readonly #perSecond = new Map<number, RecordedSecond>()
  #ticks = 0
  #events = 0
  #timeUs = 0
  /** The output that waits for its result. */
  #made: Building | undefined

  constructor(file: RecordingFile) {
    this.#file = file
  }

  run(): RecordingSummary {
    let damage: RecordingError | undefined
    try {
      for (let entry = this.#file.next(); entry !== undefined; entry = this.#file.next()) {
        this.#timeUs = entry.timeUs
        this.#add(entry)
      }
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error
      damage = error
    }
    return {
      ticks: this.#ticks,
      events: this.#events,
      seconds: this.#seconds,
      bytes: this.#file.offset,
      damage,
      settings: this.#file.head.settings,
      sockets: [...this.#sockets.values()],
      perSecond: [...this.#perSecond.values()],
    }
  }

  get #seconds(): number {
    return this.#timeUs / 1e6
  }

  #second(): RecordedSecond {
    const second = Math.floor(this.#seconds)
    const known = this.#perSecond.get(second)
    if (known !== undefined) return known
    const added = { second, ticks: 0, events: 0, bytesIn: 0, bytesOut: 0 }
    this.#perSecond.set(second, added)
    return added
  }

  #add(entry: Entry): void {
    switch (entry.name) {
      case 'tick':
        this.#ticks++
        this.#second().ticks++
        break
      case 'events':
        for (let at = 2; at < entry.arrivals.length; at += 3) this.#addEvents(entry.arrivals[at]!)
        break
      case 'received':
      case 'receivedFrames':
      case 'datagram':
        this.#receive(entry.id, entry.bytes.length)
        break
      case 'write':
      case 'send':
        this.#send(entry.id, entry.bytes.length)
        break
      default:
        this.#change(entry)
    }
  }

  #addEvents(count: number): void {
    this.#events += count
    this.#second().events += count
  }

  #receive(id: number, bytes: number): void {
    this.#second().bytesIn += bytes
    const socket = this.#sockets.get(id)
    if (socket === undefined) return
    socket.bytesIn += bytes
    socket.arrivals++
  }

  #send(id: number, bytes: number): void {
    this.#second().bytesOut += bytes
    const socket = this.#sockets.get(id)
    if (socket !== undefined) socket.bytesOut += bytes
  }

  #change(entry: Entry): void {
    switch (entry.name) {
      case 'listen':
        this.#make(entry.id, entry.type, 'server', `port ${entry.port}`)
        break
      case 'bind':
        this.#make(entry.id, undefined, 'udp socket', `port ${entry.port}`)
        break
      case 'connect':
        this.#make(entry.id, entry.type, 'client', placeOf(entry.host, entry.port))
        break
      case 'accepted':
        this.#types.set(entry.id, this.#types.get(entry.by) ?? '')
        this.#make(entry.id, undefined, 'accepted', placeOf(entry.ip, entry.ports[0] ?? 0))
        break
      case 'result':
        if (this.#made !== undefined && entry.value >= 0) this.#made.address = `port ${entry.value}`
        break
      case 'close':
      case 'ended':
      case 'failed': {
        const socket = this.#sockets.get(entry.id)
        if (socket !== undefined) socket.to ??= this.#seconds
        break
      }
      default:
        return
    }
    if (entry.name !== 'listen' && entry.name !== 'bind') this.#made = undefined
  }

  #make(id: number, type: number | undefined, kind: string, address: string): void {
    if (type !== undefined) this.#types.set(id, socketTypeName(type))
    const name = `${this.#types.get(id) ?? ''} ${kind}`.trim()
    const from = this.#seconds
    this.#made = {
      id,
      kind: name,
      address,
      from,
      to: undefined,
      bytesIn: 0,
      bytesOut: 0,
      arrivals: 0,
    }
    this.#sockets.set(id, this.#made)
  }
}

function placeOf(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
