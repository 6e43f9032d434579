import { type World } from 'bitecs'
import {
  createServer,
  createSocket,
  type NetworkConfig,
  NetworkType,
  sendPacket,
  sendRaw,
  type ServerOptions,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { type ClientHost, type ServerHost, type TestNet } from '../lib/TestNet.ts'
import { recordEvents, onEach } from '../lib/recordEvents.ts'

/** A WebSocket server in a world of its own. */
export function hostWebSocket(
  net: TestNet,
  options: ServerOptions = {},
  config: Partial<NetworkConfig> = {},
): ServerHost {
  const world = net.world(config)
  const server = createServer(world, SocketType.ws, 0, options)
  return { world, server, port: Socket(world).port[server]!, events: recordEvents(world) }
}

/** A WebSocket client in a world of its own. */
export function guestWebSocket(net: TestNet, config: Partial<NetworkConfig> = {}): ClientHost {
  const world = net.world(config)
  return { world, socket: createSocket(world, SocketType.ws), events: recordEvents(world) }
}

/** A world answers every message with itself, in the way it came. */
export function echo(world: World): void {
  onEach(world, (load) => {
    if (load.type !== NetworkType.data) return
    const { id, buffer, size } = load
    const isRaw = Socket(world).raw[id] === true
    if (isRaw) sendRaw(world, id, buffer, { size, type: load.message_type })
    else sendPacket(world, id, buffer, size)
  })
}
