// A transport that does nothing: what a benchmark measures over it is the library alone.
import {
  type Connection,
  type ConnectionEvents,
  type ListenerEvents,
  NetworkError,
  SocketType,
  type Transport,
} from 'bitecs-networking'

/** The far end of an accepted connection, in the hands of the benchmark. */
export type SilentPeer = Pick<ConnectionEvents, 'received' | 'ended'>

/** A transport whose peers the benchmark plays. */
export interface SilentTransport extends Transport {
  /** Bytes that all connections were given to write. Nothing else is kept of them. */
  writtenBytes: number
  /** Calls of `write` of all connections: the system calls of a real transport. */
  writes: number
  /** Connects one more peer to the listener. */
  accept(): SilentPeer
}

/** Takes one listener; everything that is written counts as sent at once. */
export function createSilentTransport(): SilentTransport {
  let listener: ListenerEvents | undefined
  const transport: SilentTransport = {
    type: SocketType.memory,
    capabilities: {
      ordered: true,
      reliable: true,
      boundaries: 'stream',
      connections: true,
      messageBytesMax: Infinity,
    },
    writtenBytes: 0,
    writes: 0,

    listen(_options, events) {
      listener = events
      return { port: 1, close() {} }
    },

    connect(_options, events) {
      events.failed(NetworkError.unsupported)
      return new SilentConnection(transport)
    },

    accept() {
      if (listener === undefined) throw new Error('accept: nothing listens')
      return listener.accepted(new SilentConnection(transport))
    },
  }
  return transport
}

class SilentConnection implements Connection {
  readonly remoteIp = '127.0.0.1'
  readonly remotePort = 2
  readonly localPort = 1
  readonly pendingBytes = 0
  readonly #transport: SilentTransport

  constructor(transport: SilentTransport) {
    this.#transport = transport
  }

  write(bytes: Uint8Array): void {
    this.#transport.writtenBytes += bytes.length
    this.#transport.writes++
  }

  pause(): void {}
  resume(): void {}
  close(): void {}
  reset(): void {}
}
