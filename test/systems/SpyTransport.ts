import {
  type Connection,
  type ConnectionEvents,
  createMemoryTransport,
  type Transport,
} from 'bitecs-networking'

/** A memory transport that counts what is written. */
export interface SpyTransport extends Transport {
  /** Each write: by whose port, to whose port, and the bytes in hex. */
  readonly writes: { readonly from: number; readonly to: number; readonly hex: string }[]
}

export function createSpyTransport(): SpyTransport {
  const inner = createMemoryTransport()
  const writes: SpyTransport['writes'] = []
  const spies = new WeakMap<Connection, Connection>()

  function spy(connection: Connection): Connection {
    let found = spies.get(connection)
    if (found === undefined) {
      found = {
        get remoteIp() {
          return connection.remoteIp
        },
        get remotePort() {
          return connection.remotePort
        },
        get localPort() {
          return connection.localPort
        },
        get pendingBytes() {
          return connection.pendingBytes
        },
        write(bytes) {
          const { localPort: from, remotePort: to } = connection
          writes.push({ from, to, hex: Buffer.from(bytes).toString('hex') })
          connection.write(bytes)
        },
        pause: () => connection.pause(),
        resume: () => connection.resume(),
        close: () => connection.close(),
        reset: () => connection.reset(),
      }
      spies.set(connection, found)
    }
    return found
  }

  function spyEvents(events: ConnectionEvents): ConnectionEvents {
    return {
      opened: (connection) => events.opened(spy(connection)),
      failed: (error) => events.failed(error),
      received: (bytes) => events.received(bytes),
      drained: () => events.drained(),
      alive: () => events.alive(),
      ended: (reason) => events.ended(reason),
    }
  }

  return {
    type: inner.type,
    capabilities: inner.capabilities,
    writes,
    listen: (options, events) =>
      inner.listen(options, {
        accepted: (connection) => spyEvents(events.accepted(spy(connection))),
        listening: () => events.listening(),
        failed: (error) => events.failed(error),
        warned: (message) => events.warned(message),
        rejected: () => events.rejected(),
      }),
    connect: (options, events) => spy(inner.connect(options, spyEvents(events))),
  }
}
