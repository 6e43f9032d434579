import { type NetworkError } from '../constants/NetworkError.ts'
import { type DatagramTransport } from '../transport/DatagramTransport.ts'
import { type Transport, type TransportCapabilities } from '../transport/Transport.ts'
import { CloseHow, ValueOf } from './entries.ts'
import { type RecordedTransport } from './RecordingHead.ts'
import { ReplayConnection } from './ReplayConnection.ts'
import { type Replayer } from './Replayer.ts'

/** A transport of streams or messages that does what the recording says. */
export function replayTransport(replayer: Replayer, recorded: RecordedTransport): Transport {
  const type = recorded.type as Transport['type']
  const { targets } = replayer
  return {
    type,
    capabilities: capabilitiesOf(recorded),

    listen({ port, host = '' }, events) {
      const id = replayer.nextId('listen')
      targets.listeners.set(id, events)
      const result = replayer.output({ name: 'listen', id, type, port, host })
      if (result < 0) return result as NetworkError
      return {
        get port() {
          return result === 0 ? targets.portOf(id) : result
        },
        close() {
          replayer.output({ name: 'close', id, how: CloseHow.done })
        },
      }
    },

    connect({ host, port, localPort = 0, warned }, events) {
      const id = replayer.nextId('connect')
      const connection = new ReplayConnection(replayer, id)
      targets.streams.set(id, { connection, events, warned })
      replayer.output({ name: 'connect', id, type, host, port, localPort })
      return connection
    },
  }
}

/** A transport of datagrams that does what the recording says. */
export function replayDatagrams(
  replayer: Replayer,
  recorded: RecordedTransport,
): DatagramTransport {
  return {
    type: recorded.type as Transport['type'],
    capabilities: capabilitiesOf(recorded),
    bind({ port, host = '' }, events) {
      const id = replayer.nextId('bind')
      replayer.targets.endpoints.set(id, events)
      const localPort = replayer.output({ name: 'bind', id, port, host })
      if (localPort < 0) return localPort as NetworkError
      const send = (bytes: Uint8Array, ip: string, to: number): number =>
        replayer.output({ name: 'send', id, ip, port: to, bytes })
      return {
        localPort,
        get pendingBytes() {
          return replayer.value(id, ValueOf.pendingBytes)
        },
        get pendingCount() {
          return replayer.value(id, ValueOf.pendingCount)
        },
        reaches: (ip) =>
          replayer.value(id, ip.includes(':') ? ValueOf.withoutIpv6 : ValueOf.withoutIpv4) === 0,
        send: (bytes, ip, to) => send(bytes, ip, to) as 0 | NetworkError,
        broadcast: (bytes, to) => send(bytes, '', to),
        setMulticast() {},
        close() {
          replayer.output({ name: 'close', id, how: CloseHow.done })
        },
      }
    },
  }
}

function capabilitiesOf({ capabilities }: RecordedTransport): TransportCapabilities {
  return { ...capabilities, messageBytesMax: capabilities.messageBytesMax ?? Infinity }
}
