import { createMemoryTransport, type Transport } from 'bitecs-networking'

/** A memory transport that notes each connecting end. */
export interface NotingTransport extends Transport {
  /** The port of the last one: connectSocket tells it only at the next tick. */
  lastPort: number
  /** How many there were. */
  attempts: number
}

export function createNotingTransport(): NotingTransport {
  const inner = createMemoryTransport()
  const transport: NotingTransport = {
    ...inner,
    lastPort: 0,
    attempts: 0,
    connect(options, events) {
      const connection = inner.connect(options, events)
      transport.lastPort = connection.localPort
      transport.attempts++
      return connection
    },
  }
  return transport
}
