import { createColyseusWire } from './colyseusWire.ts'
import { createSocketIoWire } from './socketIoWire.ts'
import { createTcpWire } from './tcpWire.ts'
import { createWebSocketWire } from './webSocketWire.ts'
import { type Wire, type WireName } from './Wire.ts'

/** What makes messages of a payload size, for each protocol. */
export const createWire: Readonly<Record<WireName, (payloadBytes: number) => Wire>> = {
  tcp: createTcpWire,
  ws: createWebSocketWire,
  'socket.io': createSocketIoWire,
  colyseus: createColyseusWire,
}
