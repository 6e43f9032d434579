// What players get to see. Ships and gems are replicated to those who are connected and ask for it; what happens beside them are
// messages, each written once, however many get it. Who plays without replication, as over UDP, gets a small message of what is
// near.
import { type EntityId, Not, query } from 'bitecs'
import {
  BufferKind,
  Connected,
  createBuffer,
  sendPacket,
  sendUdp,
  Socket,
  tellBuffer,
} from 'bitecs-networking'
import { Joined, netIdOf, serveReplication } from 'bitecs-networking/replication'
import { ticksPerSecond } from '../shared/constants.ts'
import { type SeenShip, type ServerMessage, writeServerMessage } from '../shared/serverMessages.ts'
import { type Arena } from './Arena.ts'

/** Sending copies, so one buffer serves all messages. */
const buffer = createBuffer(1024, BufferKind.grow)

/** From now on ships and gems are replicated to pages and bots that ask for it. */
export function serveState({ servers, world }: Arena): void {
  for (const server of [servers.tcp, servers.ws])
    serveReplication(world, server, { hz: ticksPerSecond })
}

export function sendToSocket({ world }: Arena, socket: EntityId, message: ServerMessage): void {
  writeServerMessage(buffer, message)
  sendPacket(world, socket, buffer, tellBuffer(buffer))
}

export function sendToAddress(
  { servers, world }: Arena,
  ip: string,
  port: number,
  message: ServerMessage,
): void {
  writeServerMessage(buffer, message)
  sendUdp(world, servers.udp, ip, port, buffer, tellBuffer(buffer))
}

/** To everybody who is connected, playing or not, and to those who play over UDP. */
export function sendToAll({ servers, udpPlayers, world }: Arena, message: ServerMessage): void {
  writeServerMessage(buffer, message)
  const size = tellBuffer(buffer)
  sendPacket(world, query(world, [Socket, Connected]), buffer, size)
  for (const { ip, port } of udpPlayers.values())
    sendUdp(world, servers.udp, ip, port, buffer, size)
}

/** To those who play without replication: the own ship, others in its sight, and the gems. */
export function sendSights(arena: Arena): void {
  const { players, sight, tick, udpPlayers, world } = arena
  const { Dash, Gem, Player, Position } = world.components
  const x = (entity: EntityId): number => Math.round(Position.x[entity]!)
  const y = (entity: EntityId): number => Math.round(Position.y[entity]!)
  const gems = Array.from(query(world, [Gem]), (gem) => {
    return { gem: netIdOf(world, gem), x: x(gem), y: y(gem) }
  })
  const byShip = new Map<EntityId, SeenShip>()
  for (const ship of players.all())
    byShip.set(ship, {
      player: netIdOf(world, ship),
      x: x(ship),
      y: y(ship),
      score: Player.score[ship]!,
    })
  const all = [...byShip.values()]
  const sightOf = (ship: EntityId): ServerMessage => {
    const own = byShip.get(ship)!
    const isNear = ({ x, y }: SeenShip): boolean => (x - own.x) ** 2 + (y - own.y) ** 2 < sight ** 2
    const ships = [own, ...all.filter((other) => other !== own && isNear(other))]
    return { kind: 'sight', tick, charge: Dash.charge[ship]!, ships, gems }
  }
  for (const { ship, ip, port } of udpPlayers.values())
    sendToAddress(arena, ip, port, sightOf(ship))
  for (const ship of query(world, [Player, Connected, Not(Joined)]))
    sendToSocket(arena, ship, sightOf(ship))
}

/** The Networking events of the last ticks, for one who begins to watch. */
export function sendLog(arena: Arena, socket: EntityId): void {
  sendToSocket(arena, socket, { kind: 'log', events: arena.events.all() })
}

/** The Networking events since the last call, for those who watch. */
export function sendEvents({ events, watchers, world }: Arena): void {
  const fresh = events.takeFresh()
  if (watchers.size === 0 || fresh.length === 0) return
  writeServerMessage(buffer, { kind: 'log', events: fresh })
  sendPacket(world, watchers, buffer, tellBuffer(buffer))
}
