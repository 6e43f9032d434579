import {
  type Connection,
  type ConnectionEvents,
  createMemoryTransport,
  SocketType,
  type Transport,
} from 'bitecs-networking'

/** A connection whose peer takes only what the case says it takes. */
export class HeldConnection implements Connection {
  readonly remoteIp = '127.0.0.1'
  readonly remotePort = 1
  readonly localPort = 2
  pendingBytes = 0
  wasReset = false
  events: ConnectionEvents | undefined

  write(bytes: Uint8Array): void {
    this.pendingBytes += bytes.length
  }

  /** The peer takes this many bytes, or what there is. */
  take(count: number): void {
    if (this.pendingBytes === 0) return
    this.pendingBytes = Math.max(0, this.pendingBytes - count)
    if (this.pendingBytes === 0) this.events?.drained()
  }

  pause(): void {}

  resume(): void {}

  close(): void {}

  reset(): void {
    this.wasReset = true
  }
}

/** A transport on which one connection arrives as soon as a server listens. */
export function holdConnection(connection: HeldConnection): Transport {
  return {
    type: SocketType.tcp,
    capabilities: createMemoryTransport().capabilities,
    listen({ port }, events) {
      queueMicrotask(() => {
        connection.events = events.accepted(connection)
      })
      return { port, close() {} }
    },
    connect() {
      throw new Error('for servers only')
    },
  }
}
