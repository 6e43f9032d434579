// GameMaker's network functions that connect.

import { wrongType } from '../../errors/argumentErrors.ts'
import { startConnecting } from '../../api/connectSocket.ts'
import { hostNamesOf } from '../../network/hostNamesOf.ts'
import { knownAddresses } from '../../transport/HostNames.ts'
import { NetworkError, networkErrorName } from '../../constants/NetworkError.ts'
import { warn } from '../../warnings/Warner.ts'
import { boundWorld, findSocket, type GmlSocket, gmlWorldOf, noSocket } from '../binding.ts'
import { createEarlySends } from '../EarlySends.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { settings } from '../settings.ts'
import { toNumber } from '../toNumber.ts'
import { isPort } from './isPort.ts'

/**
 * Connects a client socket to a GameMaker server, or gives a UDP socket the address that `network_send_packet` and
 * `network_send_raw` send to.
 *
 * GameMaker waits here until the socket is connected. JavaScript cannot wait for a network: this begins to connect and
 * returns at once. What is sent meanwhile is kept, and leaves when the socket is connected, so the lines behind this one
 * stay as they are. There is no event. If it cannot connect, a warning says why, what was kept is lost, and sends return -1.
 * The settings `early_sends` and `connect_event` choose otherwise; after `network_config_use_non_blocking_socket` this is
 * `network_connect_async`.
 *
 * @param socket a client
 * @param url a name or numeric address; for WebSocket also a URL such as `ws://example.org:6510/game`
 * @param port 1..65535; for WebSocket also 0, the port of the URL
 * @returns the socket's id, which does not say yet that it is connected; -1 if nothing could begin
 */
export function network_connect(socket: GmlNumber, url: string, port: GmlNumber): number {
  return connect('network_connect', socket, url, port, false, true)
}

/**
 * Connects a client socket to a server that is not a GameMaker game: no handshake, no packet headers. Otherwise as
 * `network_connect`.
 *
 * @param socket as in `network_connect`
 * @param url as in `network_connect`
 * @param port as in `network_connect`
 * @returns as `network_connect`
 */
export function network_connect_raw(socket: GmlNumber, url: string, port: GmlNumber): number {
  return connect('network_connect_raw', socket, url, port, true, true)
}

/**
 * Connects a client socket to a GameMaker server and reports by a Networking event of type
 * `network_type_non_blocking_connect`. Nothing can be sent before that event with `succeeded` 1.
 *
 * @param socket as in `network_connect`
 * @param url as in `network_connect`
 * @param port as in `network_connect`
 * @returns the socket's id; -1 if nothing could begin
 */
export function network_connect_async(socket: GmlNumber, url: string, port: GmlNumber): number {
  return connect('network_connect_async', socket, url, port, false, false)
}

/**
 * Connects a client socket to a server that is not a GameMaker game and reports by an event, as `network_connect_async`.
 *
 * @param socket as in `network_connect`
 * @param url as in `network_connect`
 * @param port as in `network_connect`
 * @returns the socket's id; -1 if nothing could begin
 */
export function network_connect_raw_async(socket: GmlNumber, url: string, port: GmlNumber): number {
  return connect('network_connect_raw_async', socket, url, port, true, false)
}

/**
 * Looks up the address of a host name.
 *
 * JavaScript cannot wait for a name service, so only an address, `localhost` and a name that was looked up in the last
 * minute have an answer at once; another name is looked up, and a later call has the answer. In browsers no name has one.
 *
 * @returns a numeric address; `""` if there is none (yet)
 */
export function network_resolve(url: string): string {
  const where = 'network_resolve'
  if (typeof url !== 'string') throw wrongType(where, 'url', 'a string', url)
  if (url === '') return ''
  if (url.toLowerCase() === 'localhost') return '127.0.0.1'
  const [found] = knownAddresses(hostNamesOf(boundWorld(where).network), url)
  return found !== undefined && isNumeric(found) ? found : ''
}

/** Whether an address is one in numbers, and no other text with a colon in it. */
function isNumeric(address: string): boolean {
  const host = address.includes(':') ? `[${address.replace(/%.*$/, '')}]` : address
  return URL.canParse(`http://${host}/`)
}

/** @param waits whether GameMaker waits in the function until the socket is connected, by its name */
function connect(
  where: string,
  socket: GmlNumber,
  url: string,
  port: GmlNumber,
  raw: boolean,
  waits: boolean,
): number {
  if (typeof url !== 'string') throw wrongType(where, 'url', 'a string', url)
  const whole = Math.trunc(toNumber(where, 'port', port))
  const found = findSocket(where, socket)
  if (found === undefined) return noSocket(where, socket)
  const { gml, entity } = found
  const { network } = gmlWorldOf(gml.network)
  const target = network.sockets.get(entity)
  const connection = target?.kind === 'connection' ? target : undefined
  const needsPort = connection?.isMessages !== true
  if (url === '' || !isPort(whole) || (needsPort && whole === 0)) return -1
  const isBlocking = waits && !network.config.nonBlocking
  const async = !isBlocking || settings.connect_event === 'always'
  const options = { raw, async, ...(connection && found.protocol && { protocol: found.protocol }) }
  const settle = (result: number): void => {
    sendEarly(found, result)
    if (!async && result < 0) warnOfFailure(where, found, `${url}:${whole}`, result)
  }
  const refused = startConnecting(where, network.world, entity, url, whole, options, settle)
  if (refused !== 0) return -1
  // The datagrams of a UDP socket come from anywhere, and what it sends to a name waits by itself.
  if (connection !== undefined) {
    found.url = url
    if (isBlocking && settings.early_sends === 'kept')
      found.early = createEarlySends(connection.settings.sendQueueBytesMax)
  }
  return toNumber(where, 'socket', socket)
}

/** Connecting is over: sends what was kept, unless it has failed. */
function sendEarly(socket: GmlSocket, result: number): void {
  const { early, gml } = socket
  socket.early = undefined
  // An observer of `Connected` may have deleted the world.
  if (early === undefined || result < 0 || !gml.network.isAlive()) return
  for (const send of early.sends) send()
}

/** Nothing else tells the game, since GameMaker would have returned -1. */
function warnOfFailure(where: string, socket: GmlSocket, address: string, result: number): void {
  const { network } = socket.gml
  if (!network.isAlive()) return
  const target = network.sockets.get(socket.entity)
  // What the game has destroyed itself it does not wait for, nor for the peer of a UDP socket that it has connected again.
  if (target?.isDestroyed !== false) return
  if (target.kind === 'datagram' && result === NetworkError.connectionClosed) return
  const reason = networkErrorName(result) ?? 'general'
  const advice = 'sends on it return -1; network_connect_async reports the outcome by an event'
  warn(network.warner, 'gml', `${where}: could not connect to ${address} (${reason}): ${advice}`)
}
