import {
  type Connection,
  type ConnectionEvents,
  createMemoryTransport,
  type Listener,
  type ListenerEvents,
  type MessageLimits,
  SocketType,
  type Transport,
  type TransportCapabilities,
} from 'bitecs-networking'

/** The real end of a connection: it does what the case says, and remembers what was done to it. */
export class ScriptedConnection implements Connection {
  readonly remoteIp = '10.0.0.7'
  readonly remotePort = 7
  readonly localPort = 8
  readonly handshakeMs = 5
  pendingBytes = 0
  bytesRead = 0
  /** Every call but reads, in order; writes as text, with the limits of their messages. */
  readonly calls: string[] = []

  write(bytes: Uint8Array, messages?: MessageLimits): void {
    const limits = messages === undefined ? '' : ` ${messages.ends.join()}/${messages.types.join()}`
    this.calls.push(`write ${Buffer.from(bytes).toString()}${limits}`)
  }

  pause(): void {
    this.calls.push('pause')
  }

  resume(): void {
    this.calls.push('resume')
  }

  ping(): void {
    this.calls.push('ping')
  }

  close(cause?: string): void {
    this.calls.push(cause === undefined ? 'close' : `close ${cause}`)
  }

  reset(reason?: number): void {
    this.calls.push(reason === undefined ? 'reset' : `reset ${reason}`)
  }
}

/** A transport that does nothing by itself. */
export class ScriptedTransport implements Transport {
  readonly type: SocketType = SocketType.tcp
  readonly capabilities: TransportCapabilities
  readonly connection: ScriptedConnection = new ScriptedConnection()
  /** Of the client that has begun to connect. */
  events: ConnectionEvents | undefined
  listener: ListenerEvents | undefined
  isListening = false

  constructor(boundaries: 'stream' | 'message' = 'stream') {
    this.capabilities = createMemoryTransport({ boundaries }).capabilities
  }

  listen(_options: unknown, events: ListenerEvents): Listener {
    this.listener = events
    this.isListening = true
    return { port: 6_510, close: () => void (this.isListening = false) }
  }

  connect(_options: unknown, events: ConnectionEvents): Connection {
    this.events = events
    return this.connection
  }
}
