// What players get to see. Each message is written once, however many get it.
import { type EntityId, query } from 'bitecs'
import {
  AcceptedBy,
  BufferKind,
  Connected,
  createBuffer,
  sendPacket,
  sendUdp,
  Socket,
  tellBuffer,
} from 'bitecs-networking'
import { type ServerMessage, type ShipState, writeServerMessage } from '../shared/serverMessages.ts'
import { type Arena } from './Arena.ts'

type Audience = 'all' | 'pages'

/** Sending copies, so one buffer serves all messages. */
const buffer = createBuffer(1024, BufferKind.grow)

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

/** To everybody who is connected, playing or not, and to those who play over UDP; or to pages alone. */
export function sendToAll(arena: Arena, message: ServerMessage, to: Audience = 'all'): void {
  const { servers, udpPlayers, world } = arena
  writeServerMessage(buffer, message)
  const size = tellBuffer(buffer)
  const pages = [Socket, Connected, AcceptedBy(servers.ws)]
  sendPacket(world, query(world, to === 'pages' ? pages : [Socket, Connected]), buffer, size)
  if (to === 'pages') return
  for (const { ip, port } of udpPlayers.values())
    sendUdp(world, servers.udp, ip, port, buffer, size)
}

export function sendSnapshot(arena: Arena, to: Audience): void {
  const { players, tick, world } = arena
  const { Gem, Position } = world.components
  const gems = Array.from(query(world, [Gem, Position]), (gem) => ({
    gem: Gem.id[gem]!,
    x: Math.round(Position.x[gem]!),
    y: Math.round(Position.y[gem]!),
  }))
  const ships = Array.from(players.all(), (player) =>
    shipOf(arena, player.id, player.entity, player.score),
  )
  sendToAll(arena, { kind: 'snapshot', tick, ships, gems }, to)
}

/** The roster, if somebody came or went, or is new, since it was sent. */
export function sendChangedRoster(arena: Arena): void {
  if (!arena.players.takeChange()) return
  const entries = Array.from(arena.players.all(), ({ id, hue, socketType, name }) => ({
    player: id,
    hue,
    socketType,
    name,
  }))
  sendToAll(arena, { kind: 'roster', entries })
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

function shipOf({ world }: Arena, player: number, ship: EntityId, score: number): ShipState {
  const { Dash, Position, Velocity } = world.components
  return {
    player,
    x: Position.x[ship]!,
    y: Position.y[ship]!,
    vx: Velocity.x[ship]!,
    vy: Velocity.y[ship]!,
    dashing: Dash.left[ship]! > 0,
    charge: Dash.charge[ship]!,
    score,
  }
}
