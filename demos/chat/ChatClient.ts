import { createWorld, type EntityId, type World } from 'bitecs'
import {
  type AsyncLoad,
  BufferKind,
  BufferType,
  connectSocket,
  createBuffer,
  createSocket,
  destroySocket,
  networkErrorName,
  NetworkSystem,
  onNetworking,
  sendPacket,
  SocketType,
  writeBuffer,
} from 'bitecs-networking'

/** A chat client: a world of its own with one socket entity. */
export class ChatClient {
  readonly world: World = createWorld()
  readonly socket: EntityId

  constructor(print: (asyncLoad: AsyncLoad) => void) {
    this.socket = createSocket(this.world, SocketType.tcp)
    onNetworking(this.world, this.socket, (_world, _self, asyncLoad) => print(asyncLoad))
  }

  /** Connects, and asks for the event of it too. */
  async connect(port: number): Promise<void> {
    const result = await connectSocket(this.world, this.socket, 'localhost', port, { async: true })
    if (result < 0) throw new Error(`could not connect: ${networkErrorName(result)}`)
  }

  say(line: string): void {
    const buffer = createBuffer(64, BufferKind.grow)
    writeBuffer(buffer, BufferType.string, line)
    sendPacket(this.world, this.socket, buffer)
  }

  tick(): void {
    NetworkSystem(this.world)
  }

  leave(): void {
    destroySocket(this.world, this.socket)
  }
}
