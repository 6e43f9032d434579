import { type NetworkError } from '../constants/NetworkError.ts'
import { type Listener, type ListenerEvents, type Transport } from '../transport/Transport.ts'
import { CloseHow } from './entries.ts'
import { RecordedConnection } from './RecordedConnection.ts'
import { RecordedEvents } from './RecordedEvents.ts'
import { type Recorder } from './Recorder.ts'

/** Writes down what the connections of a transport do. They work as before. */
export function recordTransport(recorder: Recorder, transport: Transport): Transport {
  const { type, capabilities } = transport
  return {
    type,
    capabilities,

    listen(options, events) {
      const id = recorder.newId()
      recorder.output({ name: 'listen', id, type, port: options.port, host: options.host ?? '' })
      const bound: { listener?: Listener } = {}
      const portNow = (): number => bound.listener?.port ?? 0
      const recorded = recordListenerEvents(recorder, id, events, portNow)
      const listener = transport.listen(options, recorded)
      if (typeof listener === 'number') {
        recorder.result(listener)
        return listener
      }
      bound.listener = listener
      recorder.result(listener.port)
      return recordListener(recorder, id, listener)
    },

    connect(options, events) {
      const id = recorder.newId()
      const { host, port, localPort = 0 } = options
      recorder.output({ name: 'connect', id, type, host, port, localPort })
      const recorded = new RecordedEvents(recorder, id, events)
      const { warned } = options
      const noted = warned && {
        warned: (message: string) =>
          recorder.input({ name: 'warned', id, message, kind: '' }, () => warned(message)),
      }
      const inner = transport.connect({ ...options, ...noted }, recorded)
      return new RecordedConnection(recorder, id, inner)
    },
  }
}

function recordListener(recorder: Recorder, id: number, listener: Listener): Listener {
  return {
    get port() {
      return listener.port
    },
    close() {
      recorder.output({ name: 'close', id, how: CloseHow.done })
      listener.close()
    },
  }
}

function recordListenerEvents(
  recorder: Recorder,
  by: number,
  events: ListenerEvents,
  portNow: () => number,
): ListenerEvents {
  return {
    refuses: () => recorder.input({ name: 'refuses', id: by }, () => events.refuses?.() ?? false),
    accepted(inner) {
      const id = recorder.newId()
      const connection = new RecordedConnection(recorder, id, inner)
      const { remoteIp: ip, remotePort, localPort, handshakeMs = 0 } = inner
      const ports = [remotePort, localPort]
      const { abilities } = connection
      return recorder.input(
        { name: 'accepted', by, id, ip, ports, abilities, handshakeMs },
        () => new RecordedEvents(recorder, id, events.accepted(connection), inner),
      )
    },
    listening() {
      recorder.input({ name: 'listening', id: by, port: portNow() }, () => events.listening())
    },
    failed(error: NetworkError) {
      recorder.input({ name: 'failed', id: by, error }, () => events.failed(error))
    },
    warned(message, kind = '') {
      recorder.input({ name: 'warned', id: by, message, kind }, () =>
        kind === '' ? events.warned(message) : events.warned(message, kind),
      )
    },
    rejected() {
      recorder.input({ name: 'rejected', id: by }, () => events.rejected())
    },
  }
}
