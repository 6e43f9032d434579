import { type SocketType } from '../constants/SocketType.ts'
import { type Transport, type TransportCapabilities } from './Transport.ts'

/** A function of a transport that is told whether it is for secure connections. */
type ForType<Call extends (...rest: never[]) => unknown> = (
  type: SocketType,
  ...rest: Parameters<Call>
) => ReturnType<Call>

/** What a platform does in its own way. */
interface WebSocketPlatform {
  readonly capabilities: Pick<TransportCapabilities, 'messageBytesMax' | 'localPort'>
  readonly listen: ForType<Transport['listen']>
  readonly connect: ForType<Transport['connect']>
}

/** WebSocket as a transport, secure or not, of any platform. */
export function createWebSocketTransport(
  type: SocketType,
  { capabilities, listen, connect }: WebSocketPlatform,
): Transport {
  return {
    type,
    capabilities: {
      ordered: true,
      reliable: true,
      boundaries: 'message',
      connections: true,
      ...capabilities,
    },
    listen: (options, events) => listen(type, options, events),
    connect: (options, events) => connect(type, options, events),
  }
}
