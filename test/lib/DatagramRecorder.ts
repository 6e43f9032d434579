import { type NetworkError } from 'bitecs-networking'
import {
  type DatagramEndpoint,
  type DatagramEvents,
  type DatagramTransport,
} from '../../src/transport/DatagramTransport.ts'
import { type RawDatagram } from './RawDatagrams.ts'
import { until } from './until.ts'

/** Keeps what an endpoint tells. */
export class DatagramRecorder implements DatagramEvents {
  /** What has arrived and was not taken. */
  readonly datagrams: RawDatagram[] = []
  /** The bytes of each datagram, as they were handed over. */
  readonly bytes: Uint8Array[] = []
  readonly errors: NetworkError[] = []
  onReceived: (bytes: Uint8Array, ip: string, port: number) => void = () => {}

  received(bytes: Uint8Array, ip: string, port: number): void {
    this.bytes.push(bytes)
    this.datagrams.push({ hex: Buffer.from(bytes).toString('hex'), ip, port })
    this.onReceived(bytes, ip, port)
  }

  undelivered(error: NetworkError): void {
    this.errors.push(error)
  }

  /** Waits for the next datagram and takes it. */
  async take(): Promise<RawDatagram> {
    await until(() => this.datagrams.length > 0)
    return this.datagrams.shift()!
  }
}

/** An endpoint and what it was told. */
export interface RecordedEndpoint {
  readonly endpoint: DatagramEndpoint
  readonly told: DatagramRecorder
}

/** Binds a port, which must succeed. */
export function bindRecorded(
  transport: DatagramTransport,
  host?: string,
  port = 0,
): RecordedEndpoint {
  const told = new DatagramRecorder()
  const endpoint = transport.bind({ port, host }, told)
  if (typeof endpoint === 'number') throw new Error(`cannot bind ${host}:${port}: ${endpoint}`)
  return { endpoint, told }
}
