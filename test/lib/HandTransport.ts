import {
  type Connection,
  type ConnectionEvents,
  createMemoryTransport,
  type Listener,
  type ListenerEvents,
  type ListenOptions,
  SocketType,
  type Transport,
  type TransportCapabilities,
  type TransportConnectOptions,
} from 'bitecs-networking'

/** One end of a connection whose other end is the case. */
class HandConnection implements Connection {
  readonly remoteIp: string
  readonly remotePort = 7
  readonly localPort = 8
  /** What it takes of each write stays here until the case sets it to 0. */
  pendingBytes = 0
  /** Whether writes wait until the case has `pendingBytes` at 0. */
  isSlow = false
  /** Each write in hex. */
  readonly writes: string[] = []
  ended: '' | 'close' | 'reset' = ''

  constructor(remoteIp = '127.0.0.1') {
    this.remoteIp = remoteIp
  }

  write(bytes: Uint8Array): void {
    this.writes.push(Buffer.from(bytes).toString('hex'))
    if (this.isSlow) this.pendingBytes += bytes.length
  }

  pause(): void {}

  resume(): void {}

  close(): void {
    this.ended ||= 'close'
  }

  reset(): void {
    this.ended ||= 'reset'
  }
}

/** A connection, and whom its transport tells. */
export interface HandEnd {
  readonly connection: HandConnection
  readonly events: ConnectionEvents
}

/** A transport that does nothing by itself: cases call what a transport calls, at the moments that they try. */
export class HandTransport implements Transport {
  readonly type: SocketType = SocketType.tcp
  readonly capabilities: TransportCapabilities = createMemoryTransport().capabilities
  listener: ListenerEvents | undefined
  isListening = false
  /** 0 for a listener that does not know yet whether it can listen. */
  port = 6_510
  /** The last client that has begun to connect. */
  client: HandEnd | undefined

  listen(_options: ListenOptions, events: ListenerEvents): Listener {
    this.listener = events
    this.isListening = true
    return { port: this.port, close: () => void (this.isListening = false) }
  }

  connect(_options: TransportConnectOptions, events: ConnectionEvents): Connection {
    const connection = new HandConnection()
    this.client = { connection, events }
    return connection
  }

  /** A client has connected. */
  accept(remoteIp?: string): HandEnd {
    const connection = new HandConnection(remoteIp)
    return { connection, events: this.listener!.accepted(connection) }
  }
}

/** Bytes of hex, a copy of their own. */
export function hexBytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}
