import { SocketType } from '../constants/SocketType.ts'
import { type ListenerEvents, type Transport } from '../transport/Transport.ts'
import { type BadLine } from './BadLine.ts'
import { ConditionedConnection } from './ConditionedConnection.ts'

/** A transport of connections, each as if over a bad line. */
export function createConditionedStreams(transport: Transport, line: BadLine): Transport {
  const { type, capabilities } = transport
  const isStream = capabilities.boundaries === 'stream'
  const createConnection = (): ConditionedConnection =>
    new ConditionedConnection(line, isStream, type === SocketType.tcp)
  return {
    type,
    capabilities,

    listen(options, events) {
      let isClosed = false
      const behindLine: ListenerEvents = {
        accepted(real) {
          const connection = createConnection()
          connection.accept(
            real,
            options.handshakeTimeoutMs,
            () => (isClosed ? undefined : events.accepted(connection)),
            () => events.rejected(),
          )
          return connection
        },
        listening: () => events.listening(),
        failed: (error) => events.failed(error),
        warned: (message, kind) => events.warned(message, kind),
        rejected: () => events.rejected(),
      }
      if (events.refuses !== undefined) behindLine.refuses = () => events.refuses?.() === true
      const listener = transport.listen(options, behindLine)
      if (typeof listener === 'number') return listener
      return {
        get port() {
          return listener.port
        },
        close() {
          isClosed = true
          listener.close()
        },
      }
    },

    connect(options, events) {
      const connection = createConnection()
      connection.connect(events, (behindLine) => transport.connect(options, behindLine))
      return connection
    },
  }
}
