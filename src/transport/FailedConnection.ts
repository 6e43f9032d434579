import { type NetworkError } from '../constants/NetworkError.ts'
import { type Connection, type ConnectionEvents } from './Transport.ts'

/** A connection that cannot even be tried, for example to a host name with a NUL byte. Tells so at once. */
export class FailedConnection implements Connection {
  readonly remoteIp = ''
  readonly remotePort = 0
  readonly localPort = 0
  readonly pendingBytes = 0

  constructor(events: ConnectionEvents, error: NetworkError) {
    events.failed(error)
  }

  write(): void {}
  pause(): void {}
  resume(): void {}
  close(): void {}
  reset(): void {}
}
