import { SocketType } from '../../constants/SocketType.ts'
import { type Transport } from '../Transport.ts'
import { connectWebSocket } from './webSocketClient.ts'
import { webSocketBytesMax } from './webSocketOptions.ts'
import { listenForWebSockets } from './webSocketServer.ts'

/** WebSocket, over `ws`. */
export const ws: Transport = createWebSocketTransport(SocketType.ws)

/** WebSocket over TLS. */
export const wss: Transport = createWebSocketTransport(SocketType.wss)

function createWebSocketTransport(type: SocketType): Transport {
  return {
    type,
    capabilities: {
      ordered: true,
      reliable: true,
      boundaries: 'message',
      connections: true,
      messageBytesMax: webSocketBytesMax,
    },
    listen: (options, events) => listenForWebSockets(type, options, events),
    connect: (options, events) => connectWebSocket(type, options, events),
  }
}
