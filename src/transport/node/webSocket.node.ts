import { SocketType } from '../../constants/SocketType.ts'
import { createWebSocketTransport } from '../createWebSocketTransport.ts'
import { type Transport } from '../Transport.ts'
import { connectWebSocket } from './webSocketClient.ts'
import { webSocketBytesMax } from './webSocketBytesMax.ts'
import { listenForWebSockets } from './webSocketServer.ts'

const platform = {
  capabilities: { messageBytesMax: webSocketBytesMax, localPort: true },
  listen: listenForWebSockets,
  connect: connectWebSocket,
}

/** WebSocket: the handshake of `ws`, and frames of our own. */
export const ws: Transport = createWebSocketTransport(SocketType.ws, platform)

/** WebSocket over TLS. */
export const wss: Transport = createWebSocketTransport(SocketType.wss, platform)
