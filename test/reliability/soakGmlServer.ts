// The servers of the long soak: a game of the gml face, with a map and buffers for its players.

import { createWorld, getAllEntities, query, type World } from 'bitecs'
import { setNetworkConfig, Socket, SocketType, startTicks } from 'bitecs-networking'
import {
  async_load,
  buffer_copy,
  buffer_create,
  buffer_delete,
  buffer_exists,
  buffer_grow,
  buffer_read,
  buffer_u32,
  ds_exists,
  ds_map_add,
  ds_map_create,
  ds_map_destroy,
  ds_map_find_value,
  ds_map_set,
  ds_type_map,
  gml_bind,
  gml_entity,
  gml_on_networking,
  gml_step,
  network_create_server,
  network_create_server_raw,
  network_destroy,
  network_send_packet,
  network_send_raw,
  network_send_udp,
  network_socket_tcp,
  network_socket_udp,
  network_socket_ws,
  network_type_connect,
  network_type_data,
} from 'bitecs-networking/gml'
import {
  type Line,
  type LineName,
  lineNames,
  lines,
  nameOf,
  orderedError,
  orders,
  sendersMax,
} from './soakLines.ts'
import { answerLines, bad, measure, noteBad } from './AskedProgram.ts'
import { countOrdered, type ServerReport } from './soakServer.ts'

const playersMax = 4_096

const types = {
  [SocketType.tcp]: network_socket_tcp,
  [SocketType.udp]: network_socket_udp,
  [SocketType.ws]: network_socket_ws,
} as const

/** What the game has for a player. */
interface Player {
  readonly server: number
  readonly map: number
}

const world: World = createWorld()
const counts = { connects: 0, disconnects: 0, messages: 0, thrown: 0, warnings: 0 }
const servers = new Map<LineName, number>()
const ports: Partial<Record<LineName, number>> = {}
const players = new Map<number, Player>()
/** The line of each server. */
const lineOf = new Map<number, Line>()
/** The highest handles that were seen. */
const highest = { buffer: 0, map: 0 }

function valueOf(key: string): number {
  return ds_map_find_value(async_load, key) as number
}

function onNetworking(): void {
  const type = valueOf('type')
  const id = valueOf('id')
  const socket = valueOf('socket')
  if (type === network_type_connect) {
    counts.connects++
    const map = ds_map_create()
    highest.map = Math.max(highest.map, map)
    ds_map_add(map, 'messages', 0)
    players.set(socket, { server: id, map })
  } else if (type === network_type_data) {
    counts.messages++
    answer(id)
  } else if (lineOf.get(id)?.type !== SocketType.udp) {
    counts.disconnects++
    if (!players.has(socket)) noteBad(`the end of a socket that is gone`)
    forget(socket)
  }
}

function forget(socket: number): void {
  const player = players.get(socket)
  if (player === undefined) return
  ds_map_destroy(player.map)
  players.delete(socket)
}

/** Sends back a copy of what has come, or does what it orders. */
function answer(id: number): void {
  const player = players.get(id)
  const line = lineOf.get(player?.server ?? id)
  if (line === undefined) {
    noteBad('data of a socket that is gone')
    return
  }
  const [buffer, size] = [valueOf('buffer'), valueOf('size')]
  if (player !== undefined) count(player)
  if (line.isRaw !== true) {
    const number = buffer_read(buffer, buffer_u32)
    if (number === orders.throwError) throw new Error(orderedError)
    if (number === orders.removeMe && player !== undefined) {
      network_destroy(id)
      forget(id)
      return
    }
  }
  const copy = buffer_create(size, buffer_grow, 1)
  highest.buffer = Math.max(highest.buffer, copy, buffer)
  buffer_copy(buffer, 0, size, copy, 0)
  if (line.isRaw === true) network_send_raw(id, copy, size)
  else if (player !== undefined) network_send_packet(id, copy, size)
  else
    network_send_udp(id, ds_map_find_value(async_load, 'ip') as string, valueOf('port'), copy, size)
  buffer_delete(copy)
}

function count({ map }: Player): void {
  ds_map_set(map, 'messages', (ds_map_find_value(map, 'messages') as number) + 1)
}

function listen(name: LineName): void {
  const line: Line = lines[name]
  if (line.type === SocketType.wss) return
  const create = line.isRaw === true ? network_create_server_raw : network_create_server
  const type = types[line.type as keyof typeof types]
  const server = create(type, ports[name] ?? 0, playersMax)
  if (server < 0) {
    noteBad(`${name} cannot listen: ${server}`)
    return
  }
  const entity = gml_entity(server)
  if (line.isReliable === true) setNetworkConfig(world, entity, { reliable: 'ordered' })
  ports[name] = Socket(world).port[entity]!
  servers.set(name, server)
  lineOf.set(server, line)
}

function restart(name: LineName): void {
  const server = servers.get(name)!
  network_destroy(server)
  lineOf.delete(server)
  for (const [socket, player] of players) if (player.server === server) forget(socket)
  listen(name)
}

async function report(): Promise<ServerReport> {
  const measured = await measure()
  const things = {
    entities: getAllEntities(world).length,
    sockets: query(world, [Socket]).length,
    players: players.size,
    buffers: countUpTo(highest.buffer, buffer_exists),
    maps: countUpTo(highest.map, (map) => ds_exists(map, ds_type_map)),
  }
  return { ...measured, ports, things, counts, kept: 0, bad }
}

function countUpTo(top: number, exists: (handle: number) => boolean): number {
  let found = 0
  for (let handle = 0; handle <= top; handle++) if (exists(handle)) found++
  return found
}

function step(): void {
  try {
    gml_step()
  } catch (error) {
    counts.thrown += countOrdered(error)
  }
}

export function serveGml(): void {
  setNetworkConfig(world, { sendersMax, warn: () => counts.warnings++ })
  gml_bind(world)
  for (const name of lineNames) listen(name)
  gml_on_networking(onNetworking)
  startTicks(step, { hz: 60, warn() {} })
  answerLines({ report, restart: (name) => restart(nameOf(name)) })
}
