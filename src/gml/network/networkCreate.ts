// GameMaker's network functions that make and destroy servers and sockets.

import type { EntityId } from 'bitecs'
import { type NetworkError } from '../../constants/NetworkError.ts'
import { SocketRole } from '../../constants/SocketRole.ts'
import { SocketType } from '../../constants/SocketType.ts'
import { createServer } from '../../api/createServer.ts'
import { createSocket } from '../../api/createSocket.ts'
import { destroySocket } from '../../api/destroySocket.ts'
import { warn } from '../../warnings/Warner.ts'
import {
  boundWorld,
  findSocket,
  type GmlSocket,
  type GmlWorld,
  handleOf,
  noSocket,
} from '../binding.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { settings } from '../settings.ts'
import { toNumber } from '../toNumber.ts'
import { isPort } from './isPort.ts'

/**
 * Makes a server that listens on a port of this machine. Its clients shake hands as GameMaker's do, and what they send with
 * `network_send_packet` arrives whole: one data event a packet.
 *
 * A UDP server only binds its port: it has no clients and no connect events, and `max_client` means nothing.
 *
 * @param type `network_socket_tcp`, `network_socket_udp` or `network_socket_ws`. There is no server for
 * `network_socket_wss`
 * @param port 0..65535; 0 takes a free one
 * @param max_client how many clients may be connected at one time; more are turned away
 * @returns the server's id; -1 if there can be none, for example because the port is taken
 */
export function network_create_server(
  type: GmlNumber,
  port: GmlNumber,
  max_client: GmlNumber,
): number {
  return makeServer('network_create_server', type, port, max_client, false)
}

/**
 * Makes a server for clients that are no GameMaker games, or that connect with `network_connect_raw`: no handshake, no
 * packet headers. Over TCP bytes arrive in pieces of any size; over WebSocket each message is one data event.
 *
 * @param type as in `network_create_server`
 * @param port as in `network_create_server`
 * @param max_client as in `network_create_server`
 * @returns the server's id; -1 if there can be none
 */
export function network_create_server_raw(
  type: GmlNumber,
  port: GmlNumber,
  max_client: GmlNumber,
): number {
  return makeServer('network_create_server_raw', type, port, max_client, true)
}

/**
 * Makes a client socket. TCP and WebSocket have yet to connect; UDP can send and receive at once, on a free port.
 *
 * @param type `network_socket_tcp`, `network_socket_udp`, `network_socket_ws` or `network_socket_wss`; in browsers only the
 * last two
 * @returns the socket's id; -1 if there can be none
 */
export function network_create_socket(type: GmlNumber): number {
  return makeSocket('network_create_socket', type, 0)
}

/**
 * Makes a client socket on a port of one's choice: UDP, so that others can send to it, for example with
 * `network_send_broadcast`; TCP and WebSocket bind it when they connect, which fails if it is taken. A browser's sockets cannot
 * choose a port.
 *
 * @param type as in `network_create_socket`
 * @param port 0..65535; 0 takes a free one
 * @returns the socket's id; -1 if there can be none
 */
export function network_create_socket_ext(type: GmlNumber, port: GmlNumber): number {
  return makeSocket('network_create_socket_ext', type, port)
}

/**
 * Closes a socket or server. What was sent before still leaves; nothing more is heard of it, and there is no event on this
 * side. Destroying a server closes its clients, destroying a client's socket on the server turns that client out.
 *
 * @param socket its id, which names nothing any more. One that does not exist is left alone
 * @returns nothing. With the setting `results` = `'html5'` 0, unless the socket does not exist or never began to connect
 */
export function network_destroy(socket: GmlNumber): 0 | undefined {
  const where = 'network_destroy'
  const found = findSocket(where, socket)
  if (found === undefined) {
    noSocket(where, socket)
    return undefined
  }
  const result = settings.results === 'html5' && wasUsed(found) ? 0 : undefined
  destroySocket(found.gml.network.world, found.entity)
  return result
}

/** Whether a socket is more than made: a client has begun to connect. */
function wasUsed({ gml, entity }: GmlSocket): boolean {
  const socket = gml.network.sockets.get(entity)
  return (
    socket?.kind !== 'connection' || socket.role !== SocketRole.client || socket.phase !== 'idle'
  )
}

function makeServer(
  where: string,
  type: GmlNumber,
  port: GmlNumber,
  max_client: GmlNumber,
  raw: boolean,
): number {
  const gml = boundWorld(where)
  const wanted = toNumber(where, 'max_client', max_client)
  const maxClients = settings.max_client === 'ignored' ? Infinity : clampCount(wanted)
  return make(where, gml, type, port, (known, whole) =>
    createServer(gml.network.world, known, whole, {
      raw,
      // Over UDP there are no clients.
      ...(known === SocketType.udp ? {} : { maxClients }),
    }),
  )
}

function makeSocket(where: string, type: GmlNumber, port: GmlNumber): number {
  const gml = boundWorld(where)
  return make(where, gml, type, port, (known, whole) =>
    createSocket(gml.network.world, known, whole),
  )
}

/** Checks what all of them take, and gives the handle of what was made. */
function make(
  where: string,
  gml: GmlWorld,
  type: GmlNumber,
  port: GmlNumber,
  create: (type: SocketType, port: number) => EntityId | NetworkError,
): number {
  const wantedType = toNumber(where, 'type', type)
  const wantedPort = toNumber(where, 'port', port)
  const known = Math.trunc(wantedType)
  const whole = Math.trunc(wantedPort)
  if (!isSocketType(known) || !isPort(whole)) {
    const reason = isSocketType(known) ? `port ${wantedPort}` : `socket type ${wantedType}`
    warn(gml.network.warner, 'gml', `${where}: there is no ${reason}`)
    return -1
  }
  const entity = create(known, whole)
  return entity < 0 ? -1 : handleOf(gml, entity)
}

function isSocketType(type: number): type is SocketType {
  return type !== SocketType.memory && Object.values<number>(SocketType).includes(type)
}

function clampCount(count: number): number {
  return Math.min(Math.max(Math.trunc(count) || 0, 0), 2 ** 31)
}
