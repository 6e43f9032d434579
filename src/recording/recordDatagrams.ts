import { type DatagramEndpoint, type DatagramTransport } from '../transport/DatagramTransport.ts'
import { CloseHow, type EntryOf, ValueOf } from './entries.ts'
import { type EntryMessages, type Recorder } from './Recorder.ts'
import { rangesOfDatagram } from './Redaction.ts'

/** Writes down what the endpoints of a transport do. They work as before. */
export function recordDatagrams(
  recorder: Recorder,
  transport: DatagramTransport,
): DatagramTransport {
  const { type, capabilities } = transport
  return {
    type,
    capabilities,
    bind(options, events) {
      const id = recorder.newId()
      recorder.output({ name: 'bind', id, port: options.port, host: options.host ?? '' })
      const endpoint = transport.bind(options, {
        received(bytes, ip, port) {
          const entry = { name: 'datagram', id, ip, port, bytes } as const
          recorder.enter(entry, messagesOf(recorder, 'received', entry))
          try {
            events.received(bytes, ip, port)
          } finally {
            recorder.leave()
          }
        },
        undelivered(error) {
          recorder.input({ name: 'undelivered', id, error }, () => events.undelivered(error))
        },
        warned(message) {
          const entry = { name: 'warned', id, message, kind: '' } as const
          recorder.input(entry, () => events.warned?.(message))
        },
      })
      const isBound = typeof endpoint !== 'number'
      recorder.result(isBound ? endpoint.localPort : endpoint)
      return isBound ? recordEndpoint(recorder, id, endpoint) : endpoint
    },
  }
}

function messagesOf(
  recorder: Recorder,
  direction: EntryMessages['direction'],
  { ip, port, bytes }: EntryOf<'datagram' | 'send'>,
): EntryMessages | undefined {
  return recorder.redacts ? { direction, ip, port, ranges: rangesOfDatagram(bytes) } : undefined
}

function recordEndpoint(
  recorder: Recorder,
  id: number,
  endpoint: DatagramEndpoint,
): DatagramEndpoint {
  const known = new Map<ValueOf, number>()
  const asked = (of: ValueOf, value: number): number => {
    recorder.value(known, id, of, value)
    return value
  }
  const sent = <Result extends number>(
    bytes: Uint8Array,
    ip: string,
    port: number,
    send: () => Result,
  ): Result => {
    const entry = { name: 'send', id, ip, port, bytes } as const
    recorder.output(entry, messagesOf(recorder, 'sent', entry))
    const result = send()
    recorder.result(result)
    return result
  }
  return {
    get localPort() {
      return endpoint.localPort
    },
    get pendingBytes() {
      return asked(ValueOf.pendingBytes, endpoint.pendingBytes)
    },
    get pendingCount() {
      return asked(ValueOf.pendingCount, endpoint.pendingCount ?? 0)
    },
    reaches(ip) {
      const isReached = endpoint.reaches?.(ip) ?? true
      const of = ip.includes(':') ? ValueOf.withoutIpv6 : ValueOf.withoutIpv4
      return asked(of, Number(!isReached)) === 0
    },
    send: (bytes, ip, port) => sent(bytes, ip, port, () => endpoint.send(bytes, ip, port)),
    // A broadcast has no receiver.
    broadcast: (bytes, port) => sent(bytes, '', port, () => endpoint.broadcast(bytes, port)),
    setMulticast: (isOn) => endpoint.setMulticast(isOn),
    close() {
      recorder.output({ name: 'close', id, how: CloseHow.done })
      endpoint.close()
    },
  }
}
