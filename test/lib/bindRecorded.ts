import { type DatagramEndpoint, type DatagramTransport } from 'bitecs-networking'
import { DatagramRecorder } from 'bitecs-networking/testing'
import { type RawDatagram } from './RawDatagrams.ts'
import { until } from './until.ts'

/** An endpoint and what it emits. */
export interface RecordedEndpoint {
  readonly endpoint: DatagramEndpoint
  readonly recorder: DatagramRecorder
  /** What has arrived. */
  readonly datagrams: readonly RawDatagram[]
  /** Waits for the next datagram that was not taken yet. */
  readonly take: () => Promise<RawDatagram>
}

/** Binds a port, which must succeed. */
export function bindRecorded(
  transport: DatagramTransport,
  host?: string,
  port = 0,
): RecordedEndpoint {
  const recorder = new DatagramRecorder()
  const endpoint = transport.bind({ port, host }, recorder)
  if (typeof endpoint === 'number') throw new Error(`cannot bind ${host}:${port}: ${endpoint}`)
  const { messages, senders } = recorder
  let taken = 0
  const bound: RecordedEndpoint = {
    endpoint,
    recorder,
    get datagrams() {
      return messages.map((bytes, at) => {
        const [ip, port] = senders[at]!
        return { hex: Buffer.from(bytes).toString('hex'), ip, port }
      })
    },
    async take() {
      await until(() => messages.length > taken)
      return bound.datagrams[taken++]!
    },
  }
  return bound
}
