import { createDatagramSocket } from '#datagrams'
import type { EntityId, World } from 'bitecs'
import { Listening } from '../../components/stateTags.ts'
import { checkServerTypes } from '../config/checkServerTypes.ts'
import { listenOptions } from '../config/listenOptions.ts'
import { type ServerOptions, serverOptionChecks } from '../config/ServerOptions.ts'
import { createSettings } from '../config/SocketSettings.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import { type SocketType } from '../constants/SocketType.ts'
import { checkInteger } from '../errors/argumentErrors.ts'
import { checkOptions } from '../errors/checkOptions.ts'
import { networkOf } from '../network/networkOf.ts'
import { listenerWorld } from '../network/listenerWorld.ts'
import { addSocketOrThrow } from '../network/socketEntities.ts'
import { chooseTransport, isDatagramTransport, warnOfServer } from '../config/TransportTable.ts'
import { ListenerSocket } from '../socket/ListenerSocket.ts'
import { type DatagramTransport } from '../transport/DatagramTransport.ts'
import { type Transport } from '../transport/Transport.ts'

const where = 'createServer'

/**
 * Makes a server: an entity with `Socket` and `Listening`. GameMaker's `network_create_server`.
 *
 * Each client that connects becomes an entity of its own at a tick, with `Socket`, `Connected` and
 * `AcceptedBy(server)`, and a connect event. Removing the server's entity closes them all.
 *
 * A UDP server only binds its port: it has no clients and no connect events. Its entity gets the data events, with the
 * sender's `ip` and `port`.
 *
 * @param type a `SocketType`, or a transport such as `createMemoryTransport()`
 * @param port 0..65535; 0 takes a free one, which then stands in `Socket(world).port[server]`
 * @returns the server's entity; or a negative `NetworkError` at once, `portUnavailable` if the port is taken, or with
 * `http` the path; `tooManySockets` if the system has no more, `unsupported` where the platform has no such servers.
 * With `host`, Node answers later: the entity gets `Listening` and its port as soon as it can listen, or
 * `Disconnected` and the code in `Socket(world).connectError[server]`
 * @throws RangeError for a port out of range, TypeError for arguments of a wrong type, and options that a `SocketType` does not
 * have
 */
export function createServer(
  world: World,
  type: SocketType | Transport | DatagramTransport,
  port: number,
  options: ServerOptions = {},
): EntityId | NetworkError {
  const network = networkOf(where, world)
  const transport = chooseTransport(where, network.transports, network.warner, type)
  checkInteger(where, 'port', port, 0, 65_535)
  checkOptions(where, 'option', options, serverOptionChecks)
  if (transport === undefined) return NetworkError.unsupported
  if (typeof type === 'number') checkServerTypes(where, type, options)
  if (isDatagramTransport(transport)) {
    const { host, messageBytesMax } = options
    const role = SocketRole.server
    return createDatagramSocket(network, transport, role, { port, host }, messageBytesMax)
  }
  const { raw = false, host: ip = '', maxClients = Infinity } = options
  const settings = createSettings(network.config, 'accepted', options)
  const hooks = listenerWorld(network)
  const server = new ListenerSocket(network, transport, { maxClients, raw }, settings, hooks)
  const listener = transport.listen(listenOptions(network.config, settings, port, options), server)
  if (typeof listener === 'number') {
    // Nothing that a transport still emits may reach the world: it has no entity.
    server.isDestroyed = true
    if (listener === NetworkError.unsupported) warnOfServer(where, network.warner, transport.type)
    return listener
  }
  server.listener = listener
  const { port: localPort } = listener
  const facts = { type: transport.type, role: server.role, raw, ip, port: localPort, localPort }
  // With `host` the port may be known later.
  return addSocketOrThrow(network, server, facts, ...(localPort === 0 ? [] : [Listening]))
}
