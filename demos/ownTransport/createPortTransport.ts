// A transport of one's own, over MessageChannel: it joins worlds of several threads or web workers.

import {
  type Connection,
  type ConnectionEvents,
  DisconnectReason,
  type ListenerEvents,
  type MessageLimits,
  type MessageType,
  NetworkError,
  SocketType,
  type Transport,
} from 'bitecs-networking'

/** What a `MessagePort` is asked for, in Node and in browsers. */
export interface MessageEnd {
  postMessage(value: unknown, transfer?: readonly unknown[]): void
  addEventListener(type: 'message' | 'close', listener: (event: { data?: unknown }) => void): void
  start(): void
  close(): void
}

/** A transport over `MessageChannel`. */
export interface PortTransport extends Transport {
  /** Takes what another thread's transport has offered. */
  accept(port: number, end: MessageEnd): void
}

/** What one end says to the other. */
type Note =
  | { readonly kind: 'accepted'; readonly clientPort: number }
  | { readonly kind: 'refused' }
  | { readonly kind: 'message'; readonly bytes: Uint8Array; readonly type: MessageType | undefined }
  /** So many bytes were taken: the sender knows what still waits. */
  | { readonly kind: 'taken'; readonly count: number }
  | { readonly kind: 'end'; readonly reason: DisconnectReason }

/**
 * Joins worlds of several threads, or of one. Messages keep their limits; nothing is lost or changes places.
 *
 * @param offer brings the end of a new connection to the thread that listens, which gives it to `accept` of its own
 * transport. Default: to this one
 */
export function createPortTransport(
  offer?: (port: number, end: MessageEnd) => void,
): PortTransport {
  const listeners = new Map<number, { events: ListenerEvents; messageBytesMax: number }>()
  let lastPort = 65_535
  const takePort = (): number => {
    do lastPort = lastPort === 65_535 ? 49_152 : lastPort + 1
    while (listeners.has(lastPort))
    return lastPort
  }

  const transport: PortTransport = {
    type: SocketType.memory,
    capabilities: {
      ordered: true,
      reliable: true,
      boundaries: 'message',
      connections: true,
      messageBytesMax: Infinity,
    },

    listen({ port: wanted, messageBytesMax }, events) {
      if (listeners.has(wanted)) return NetworkError.portUnavailable
      const port = wanted === 0 ? takePort() : wanted
      const listener = { events, messageBytesMax }
      listeners.set(port, listener)
      return {
        port,
        close() {
          if (listeners.get(port) === listener) listeners.delete(port)
        },
      }
    },

    connect({ port, messageBytesMax }, events) {
      const { port1, port2 } = new MessageChannel() as unknown as Record<string, MessageEnd>
      const connection = new PortConnection(port1!, port, messageBytesMax)
      connection.hear(events)
      if (offer === undefined) transport.accept(port, port2!)
      else offer(port, port2!)
      return connection
    },

    accept(port, end) {
      const listener = listeners.get(port)
      if (listener === undefined) {
        end.postMessage({ kind: 'refused' } satisfies Note, [])
        end.close()
        return
      }
      const connection = new PortConnection(end, takePort(), listener.messageBytesMax)
      connection.greet(port)
      connection.hear(listener.events.accepted(connection))
    },
  }
  return transport
}

class PortConnection implements Connection {
  readonly remoteIp = '127.0.0.1'
  readonly remotePort: number
  localPort = 0
  pendingBytes = 0
  readonly #end: MessageEnd
  readonly #messageBytesMax: number
  #events: ConnectionEvents | undefined
  #isOpen = false
  #isOver = false
  #isPaused = false
  /** What has arrived while this end was paused. */
  #waiting: Note[] = []

  constructor(end: MessageEnd, remotePort: number, messageBytesMax: number) {
    this.#end = end
    this.remotePort = remotePort
    this.#messageBytesMax = messageBytesMax
  }

  /** The server's end is open from the start. */
  greet(localPort: number): void {
    this.localPort = localPort
    this.#isOpen = true
    this.#post({ kind: 'accepted', clientPort: this.remotePort })
  }

  hear(events: ConnectionEvents): void {
    if (this.#isOver) return
    this.#events = events
    this.#end.addEventListener('message', ({ data }) => this.#onNote(data as Note))
    // The other thread has ended, or has closed after its last note.
    this.#end.addEventListener('close', () =>
      this.#onNote({ kind: 'end', reason: DisconnectReason.reset }),
    )
    this.#end.start()
  }

  write(bytes: Uint8Array, messages: MessageLimits = { ends: [bytes.length], types: [] }): void {
    if (this.#isOver) return
    let at = 0
    for (const [index, end] of messages.ends.entries()) {
      const message = bytes.slice(at, end)
      at = end
      this.pendingBytes += message.length
      this.#post({ kind: 'message', bytes: message, type: messages.types[index] }, message.buffer)
    }
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    const notes = this.#waiting
    this.#waiting = []
    for (const note of notes) this.#onNote(note)
  }

  close(): void {
    this.#leave(DisconnectReason.closed)
  }

  reset(): void {
    this.#leave(DisconnectReason.reset)
  }

  #post(note: Note, ...transfer: unknown[]): void {
    this.#end.postMessage(note, transfer)
  }

  /** Says that it is the end, after all that was written, and hears nothing more. */
  #leave(reason: DisconnectReason): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#events = undefined
    this.#waiting = []
    this.#post({ kind: 'end', reason })
    this.#end.close()
  }

  #onNote(note: Note): void {
    const events = this.#events
    if (events === undefined) return
    if (this.#isPaused && (note.kind === 'message' || note.kind === 'end')) {
      this.#waiting.push(note)
      return
    }
    switch (note.kind) {
      case 'accepted':
        this.#isOpen = true
        this.localPort = note.clientPort
        return events.opened(this)
      case 'refused':
        this.#leave(DisconnectReason.closed)
        return events.failed(NetworkError.refused)
      case 'taken':
        this.pendingBytes -= note.count
        return this.pendingBytes === 0 ? events.drained() : undefined
      case 'message':
        if (note.bytes.length > this.#messageBytesMax) {
          this.#leave(DisconnectReason.reset)
          return events.ended(DisconnectReason.tooLarge)
        }
        this.#post({ kind: 'taken', count: note.bytes.length })
        return events.received(note.bytes, note.type)
      case 'end':
        this.#leave(DisconnectReason.closed)
        return this.#isOpen
          ? events.ended(note.reason)
          : events.failed(NetworkError.connectionClosed)
    }
  }
}
