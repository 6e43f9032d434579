// GameMaker's network functions that connect.

import { wrongType } from '../../errors/argumentErrors.ts'
import { startConnecting } from '../../api/connectSocket.ts'
import { hostNamesOf } from '../../network/hostNamesOf.ts'
import { withAddresses } from '../../transport/HostNames.ts'
import { boundWorld, findSocket, gmlWorldOf, noSocket } from '../binding.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { toNumber } from '../toNumber.ts'
import { isPort } from './isPort.ts'

/**
 * Connects a client socket to a GameMaker server.
 *
 * JavaScript cannot wait for a network, so this never blocks: it begins to connect, returns at once, and the outcome comes
 * as a Networking event of type `network_type_non_blocking_connect`, as in GameMaker after
 * `network_config_use_non_blocking_socket`. Nothing can be sent before that event with `succeeded` 1.
 *
 * @param socket a TCP or WebSocket client
 * @param url a name or numeric address; for WebSocket also a URL such as `ws://example.org:6510/game`
 * @param port 1..65535; for WebSocket also 0, the port of the URL
 * @returns the socket's id; -1 if nothing could begin
 */
export function network_connect(socket: GmlNumber, url: string, port: GmlNumber): number {
  return connect('network_connect', socket, url, port, false)
}

/**
 * Connects a client socket to a server that is no GameMaker game: no handshake, no packet headers. As `network_connect` it
 * never blocks, and reports by an event.
 *
 * @param socket as in `network_connect`
 * @param url as in `network_connect`
 * @param port as in `network_connect`
 * @returns the socket's id; -1 if nothing could begin
 */
export function network_connect_raw(socket: GmlNumber, url: string, port: GmlNumber): number {
  return connect('network_connect_raw', socket, url, port, true)
}

/**
 * Connects a client socket to a GameMaker server and reports by a Networking event of type
 * `network_type_non_blocking_connect`. Here the same as `network_connect`.
 *
 * @param socket as in `network_connect`
 * @param url as in `network_connect`
 * @param port as in `network_connect`
 * @returns the socket's id; -1 if nothing could begin
 */
export function network_connect_async(socket: GmlNumber, url: string, port: GmlNumber): number {
  return connect('network_connect_async', socket, url, port, false)
}

/**
 * Connects a client socket to a server that is no GameMaker game and reports by an event. Here the same as
 * `network_connect_raw`.
 *
 * @param socket as in `network_connect`
 * @param url as in `network_connect`
 * @param port as in `network_connect`
 * @returns the socket's id; -1 if nothing could begin
 */
export function network_connect_raw_async(socket: GmlNumber, url: string, port: GmlNumber): number {
  return connect('network_connect_raw_async', socket, url, port, true)
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
  let found: string | undefined
  withAddresses(hostNamesOf(boundWorld(where).network), url, ([ip]) => {
    found = ip
  })
  return found !== undefined && isNumeric(found) ? found : ''
}

/** Whether an address is one in numbers, and no other text with a colon in it. */
function isNumeric(address: string): boolean {
  const host = address.includes(':') ? `[${address.replace(/%.*$/, '')}]` : address
  return URL.canParse(`http://${host}/`)
}

function connect(
  where: string,
  socket: GmlNumber,
  url: string,
  port: GmlNumber,
  raw: boolean,
): number {
  if (typeof url !== 'string') throw wrongType(where, 'url', 'a string', url)
  const whole = Math.trunc(toNumber(where, 'port', port))
  const found = findSocket(where, socket)
  if (found === undefined) return noSocket(where, socket)
  const { gml, entity } = found
  const { network } = gmlWorldOf(gml.network)
  const target = network.sockets.get(entity)
  const needsPort = target?.kind === 'connection' && !target.isMessages
  if (url === '' || !isPort(whole) || (needsPort && whole === 0)) return -1
  const options = { raw, async: true, ...(found.protocol && { protocol: found.protocol }) }
  const refused = startConnecting(where, network.world, entity, url, whole, options, () => {})
  if (refused !== 0) return -1
  found.url = url
  return toNumber(where, 'socket', socket)
}
