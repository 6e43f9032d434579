import { addEntity, createWorld, type EntityId, hasComponent, query, type World } from 'bitecs'
import {
  AcceptedBy,
  type AsyncLoad,
  Connected,
  connectSocket,
  createServer,
  createSocket,
  Disconnected,
  getBufferBytes,
  Listening,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  sendUdp,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'

/** A game with a server of each kind: who sends gets points, and everybody is told. */
export class PointsGame {
  readonly world: World = createWorld()
  readonly servers: EntityId[] = []
  readonly points: number[] = []
  /** What the game does with a message, for games that are not quite the same. */
  bonus: (message: Uint8Array, tick: number) => number = () => 0
  /** Counts how long messages are, and not what they say. */
  isBlind = false
  tick = 0
  /** Outcomes of connecting, in order, and in which tick they came. */
  readonly outcomes: string[] = []

  /** To be called when the world is recorded, or replayed. */
  start(): void {
    const { world } = this
    for (const type of [SocketType.tcp, SocketType.ws, SocketType.udp])
      this.servers.push(createServer(world, type, 0, { messageBytesMax: 65_536 }))
    onNetworking(world, addEntity(world), (_, __, asyncLoad) => this.#take(asyncLoad))
  }

  /** A client of another server, in the same world. */
  join(type: SocketType, port: number, host = '127.0.0.1'): EntityId {
    const socket = createSocket(this.world, type)
    void connectSocket(this.world, socket, host, port).then((result) =>
      this.outcomes.push(`${this.tick}: ${result}`),
    )
    return socket
  }

  makeReliable(): void {
    setNetworkConfig(this.world, this.servers[2]!, { reliable: true })
  }

  step(): void {
    this.tick++
    const { world } = this
    if (this.tick % 16 === 0)
      for (const server of this.servers)
        for (const client of query(world, [Socket, AcceptedBy(server)]))
          sendPacket(world, client, Uint8Array.of(this.tick & 255, this.points[client] ?? 0))
    NetworkSystem(world)
  }

  #take(asyncLoad: AsyncLoad): void {
    const { world, points } = this
    if (asyncLoad.type !== NetworkType.data) return
    const { id, ip, port } = asyncLoad
    const message = getBufferBytes(asyncLoad.buffer)
    const worth = this.isBlind ? message.length : message.reduce((sum, byte) => sum + byte, 0)
    const sum = worth + this.bonus(message, this.tick)
    points[id] = ((points[id] ?? 0) + sum) & 255
    const answer = Uint8Array.of(points[id], message.length & 255, 7)
    if (this.servers[2] === id) sendUdp(world, id, ip, port, answer)
    else sendPacket(world, id, answer)
  }

  /** Everything that is known of the world's sockets and their points, entity by entity. */
  state(): unknown {
    const { world, points } = this
    const store = Socket(world) as unknown as Record<string, unknown[]>
    const entities = [...query(world, [Socket])]
    return {
      tick: this.tick,
      outcomes: this.outcomes,
      points,
      sockets: entities.map((entity) => [
        entity,
        Object.entries(store).map(([name, values]) => [name, values[entity]]),
        [Connected, Disconnected, Listening].map((tag) => hasComponent(world, entity, tag)),
      ]),
    }
  }
}
