import { createWorld, hasComponent, type World } from 'bitecs'
import {
  BufferKind,
  closeNetwork,
  connectSocket,
  createBuffer,
  createSocket,
  Disconnected,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  SocketType,
  tellBuffer,
} from 'bitecs-networking'
import {
  entityOf,
  InterpolationSystem,
  joinReplication,
  Replication,
  ReplicationSystem,
} from 'bitecs-networking/replication'
import { type MemoryNetwork } from 'bitecs-networking/simulation'
import { createUdpLine } from '../../arena/bots/createUdpLine.ts'
import { createArenaWorld } from '../../arena/shared/arenaWorld.ts'
import { type ClientMessage, writeClientMessage } from '../../arena/shared/clientMessages.ts'
import { ownShip, type Picture, type ShipState, shownPicture } from '../../arena/shared/picture.ts'
import { readServerMessage, type ServerMessage } from '../../arena/shared/serverMessages.ts'
import { ports } from './openArena.ts'
import { type Label, SightPlayback } from './SightPlayback.ts'

/** The kinds of socket that a player can have. */
export type LineType = keyof typeof ports

/** A player's line to the server, in a world of its own. */
export interface PlayerLine {
  /** Whose links have conditions. */
  readonly world: World
  /** The tick of the newest state of the game that has come; `undefined` before one has. */
  readonly newestTick: number | undefined
  /** Hands over what has arrived. Call it each frame. */
  tick(): void
  send(message: ClientMessage): void
  close(): void
  /** Its connection has ended, or could not be made. */
  hasEnded(): boolean
  /** The own ship, as the server has sent it last. */
  ownShip(): ShipState | undefined
  /** What is to be seen now. */
  picture(now: number): Picture
  /** What a ship is known by in pictures, from its net id. */
  playerOf(netId: number): number | undefined
}

/**
 * Joins a new world to the network and opens a socket in it. What is sent before it is connected is lost.
 *
 * @param labelOf what a player over UDP cannot know of a ship
 */
export function openLine(
  network: MemoryNetwork,
  type: LineType,
  hear: (message: ServerMessage) => void,
  labelOf: (netId: number) => Label,
): PlayerLine {
  return type === 'udp' ? openUdp(network, hear, labelOf) : openConnected(network, type, hear)
}

function openUdp(
  network: MemoryNetwork,
  hear: (message: ServerMessage) => void,
  labelOf: (netId: number) => Label,
): PlayerLine {
  const world = createWorld()
  network.join(world)
  const playback = new SightPlayback(labelOf)
  const hearAll = (message: ServerMessage): void => {
    if (message.kind === 'sight') playback.add(message, performance.now())
    else hear(message)
  }
  return {
    ...createUdpLine(ports.udp, hearAll, world),
    world,
    get newestTick() {
      return playback.newestTick
    },
    hasEnded: () => false,
    ownShip: () => playback.ownShip(),
    picture: (now) => playback.picture(now),
    playerOf: (netId) => netId,
  }
}

function openConnected(
  network: MemoryNetwork,
  type: 'tcp' | 'ws',
  hear: (message: ServerMessage) => void,
): PlayerLine {
  const world = createArenaWorld()
  network.join(world)
  const socket = createSocket(world, SocketType[type])
  const buffer = createBuffer(64, BufferKind.grow)
  onNetworking(world, socket, (_world, _self, asyncLoad) => {
    if (asyncLoad.type !== NetworkType.data) return
    const message = readServerMessage(asyncLoad.buffer)
    if (message !== undefined) hear(message)
  })
  const host = type === 'ws' ? 'ws://localhost/arena' : '127.0.0.1'
  void connectSocket(world, socket, host, ports[type], { timeoutMs: 10_000 }).then((result) =>
    result < 0 ? result : joinReplication(world, socket),
  )
  return {
    world,
    get newestTick() {
      return Replication(world).tick[socket]
    },
    tick() {
      NetworkSystem(world)
      InterpolationSystem(world)
      ReplicationSystem(world)
    },
    send(message) {
      writeClientMessage(buffer, message)
      sendPacket(world, socket, buffer, tellBuffer(buffer))
    },
    close: () => closeNetwork(world),
    hasEnded: () => hasComponent(world, socket, Disconnected),
    ownShip: () => ownShip(world, socket),
    picture: () => shownPicture(world),
    playerOf: (netId) => entityOf(world, netId),
  }
}
