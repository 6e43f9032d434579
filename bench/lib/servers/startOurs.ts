// The whole library: world, `NetworkSystem`, handler, send.
import { createWorld, query } from 'bitecs'
import {
  AcceptedBy,
  BufferType,
  createServer,
  type NetworkBuffer,
  NetworkSystem,
  NetworkType,
  onNetworking,
  readBuffer,
  sendPacket,
  sendRaw,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { type ServerSetup, type ServerUnderTest, type Tally, weigh } from './Server.ts'

/** Packets over TCP, as a GameMaker game sends them; or messages over WebSocket, as any page does. */
export async function startOurs(
  wire: 'tcp' | 'ws',
  { echoes, pingMs, tally }: ServerSetup,
): Promise<ServerUnderTest> {
  const world = createWorld()
  const send = wire === 'ws' ? sendRaw : sendPacket
  setNetworkConfig(world, { pingIntervalMs: pingMs > 0 ? pingMs : Infinity })
  // Without `host`, because only then a free port is known at once.
  const server = createServer(world, SocketType[wire], 0, { maxClients: 8192, raw: wire === 'ws' })
  if (server < 0) throw new Error(`createServer returned ${server}`)
  const port = Socket(world).port[server]
  if (port === undefined || port === 0) throw new Error('createServer told no port')
  onNetworking(world, server, (_world, _self, asyncLoad) => {
    if (asyncLoad.type === NetworkType.disconnect) tally.ended++
    if (asyncLoad.type !== NetworkType.data) return
    tally.messages++
    if (echoes) send(world, asyncLoad.id, asyncLoad.buffer)
    else addUp(tally, asyncLoad.buffer, asyncLoad.size)
  })
  const clients = [Socket, AcceptedBy(server)]
  return {
    port,
    needsTicks: true,
    receive() {
      NetworkSystem(world)
    },
    sendToAll(message) {
      send(world, query(world, clients), message)
    },
    sendToEach(messages) {
      for (const client of query(world, clients))
        for (const message of messages) send(world, client, message)
    },
    flush() {},
  }
}

function addUp(tally: Tally, buffer: NetworkBuffer, size: number): void {
  let sum = tally.sum
  for (let index = 0; index < size / 4; index++)
    sum = (sum + weigh(readBuffer(buffer, BufferType.s32), index)) | 0
  tally.sum = sum
}
