import { createWorld, type EntityId, query, type World } from 'bitecs'
import {
  AcceptedBy,
  type AsyncLoad,
  BufferKind,
  BufferType,
  closeNetwork,
  createBuffer,
  createServer,
  networkErrorName,
  NetworkSystem,
  NetworkType,
  onNetworking,
  readBuffer,
  sendPacket,
  Socket,
  SocketType,
  writeBuffer,
} from 'bitecs-networking'

/** A chat server: a world with one server entity, which passes every line on to all of its clients. */
export class ChatServer {
  readonly world: World = createWorld()
  readonly server: EntityId

  /** Tries port after port from `firstPort`, as GameMaker's manual does. */
  constructor(firstPort: number, print: (asyncLoad: AsyncLoad) => void) {
    let port = firstPort
    const limits = { maxClients: 32, messageBytesMax: 1024 }
    let server = createServer(this.world, SocketType.tcp, port, limits)
    while (server < 0 && port < 65_535)
      server = createServer(this.world, SocketType.tcp, ++port, limits)
    if (server < 0)
      throw new Error(`no port from ${firstPort} on is free (${networkErrorName(server)})`)
    this.server = server
    onNetworking(this.world, server, (_world, _self, asyncLoad) => {
      print(asyncLoad)
      if (asyncLoad.type === NetworkType.connect) this.say(`* ${asyncLoad.socket} has joined`)
      if (asyncLoad.type === NetworkType.disconnect) this.say(`* ${asyncLoad.socket} has left`)
      if (asyncLoad.type === NetworkType.data)
        this.say(`${asyncLoad.id}: ${readBuffer(asyncLoad.buffer, BufferType.string)}`)
    })
  }

  get port(): number {
    return Socket(this.world).port[this.server] ?? 0
  }

  get clients(): number {
    return query(this.world, [Socket, AcceptedBy(this.server)]).length
  }

  /** Sends a line to every client. It is encoded once. */
  say(line: string): void {
    const buffer = createBuffer(64, BufferKind.grow)
    writeBuffer(buffer, BufferType.string, line)
    sendPacket(this.world, query(this.world, [Socket, AcceptedBy(this.server)]), buffer)
  }

  tick(): void {
    NetworkSystem(this.world)
  }

  close(): void {
    closeNetwork(this.world)
  }
}
