// GameMaker's network functions that set something, and what it tells of the network.

import { isNetworkUp } from '#platform'
import { SocketRole } from '../../constants/SocketRole.ts'
import { wrongType } from '../../errors/argumentErrors.ts'
import { checkProtocol } from '../../errors/optionChecks.ts'
import { type Network } from '../../network/Network.ts'
import { setNetworkConfig } from '../../api/setNetworkConfig.ts'
import { type SocketConfig } from '../../config/SocketConfig.ts'
import { setSocketTimeout } from '../../api/setSocketTimeout.ts'
import { warn } from '../../warnings/Warner.ts'
import { boundWorld, findSocket, type GmlSocket, noSocket } from '../binding.ts'
import {
  network_config_avoid_time_wait,
  network_config_connect_timeout,
  network_config_disable_multicast,
  network_config_disable_reliable_udp,
  network_config_enable_multicast,
  network_config_enable_reliable_udp,
  network_config_message_size_limit,
  network_config_use_non_blocking_socket,
  network_config_websocket_protocol,
} from '../constants.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { toNumber } from '../toNumber.ts'

const timeMax = 2 ** 31 - 1

/** The settings that take a socket alone. */
const socketConfigs: ReadonlyMap<number, SocketConfig> = /* @__PURE__ */ new Map<
  number,
  SocketConfig
>([
  [network_config_enable_reliable_udp, { reliable: true }],
  [network_config_disable_reliable_udp, { reliable: false }],
  [network_config_avoid_time_wait, { avoidTimeWait: true }],
  [network_config_enable_multicast, { multicast: true }],
  [network_config_disable_multicast, { multicast: false }],
])

/**
 * Changes a setting of the bound world, or of one socket.
 *
 * | `config_value` | `value1` | `value2` |
 * |---|---|---|
 * | `network_config_connect_timeout` | milliseconds | |
 * | `network_config_use_non_blocking_socket` | 1: `network_connect` is `network_connect_async` from now on; 0: as at first | |
 * | `network_config_enable_reliable_udp`, `…_disable_reliable_udp` | UDP socket | |
 * | `network_config_avoid_time_wait` | TCP socket | |
 * | `network_config_enable_multicast`, `…_disable_multicast` | UDP socket | |
 * | `network_config_message_size_limit` | socket | bytes |
 * | `network_config_websocket_protocol` | WebSocket client, before it connects | sub-protocol |
 * | `network_config_websocket_protocol` | sub-protocol of all that come | |
 *
 * A socket that does not exist or is of another type changes nothing, with a warning for the latter.
 *
 * @throws RangeError for a setting that does not exist or a value out of range, TypeError for one of a wrong type
 */
export function network_set_config(
  config_value: GmlNumber,
  value1: GmlNumber | string,
  value2?: GmlNumber | string,
): undefined {
  const where = 'network_set_config'
  const config = toNumber(where, 'config_value', config_value)
  if (config === network_config_websocket_protocol) return setProtocol(where, value1, value2)
  const first = toNumber(where, 'value1', value1)
  const { network } = boundWorld(where)
  switch (config) {
    case network_config_connect_timeout:
      checkRange(where, 'value1', first, 1, timeMax)
      setNetworkConfig(network.world, { connectTimeoutMs: Math.trunc(first) })
      return undefined
    case network_config_use_non_blocking_socket:
      setNetworkConfig(network.world, { nonBlocking: first > 0.5 })
      return undefined
    case network_config_message_size_limit: {
      const bytes = toNumber(where, 'value2', value2)
      checkRange(where, 'value2', bytes, 1, timeMax)
      return setSocket(where, first, { messageBytesMax: Math.trunc(bytes) })
    }
    default: {
      const change = socketConfigs.get(config)
      if (change === undefined)
        throw new RangeError(`${where}: there is no network_config_ constant ${config}`)
      return setSocket(where, first, change)
    }
  }
}

/**
 * Sets how long a socket may take to receive and to send. Nothing blocks here, so the limits are on the peer: its connection
 * ends when a packet that has begun to arrive is not complete after `read_timeout` milliseconds, or when it takes none of the bytes
 * that wait for `write_timeout` milliseconds.
 *
 * @param socket a client, or on a server a client's socket
 * @param read_timeout milliseconds; 0 for no limit
 * @param write_timeout milliseconds; 0 for the longest, 24 days
 */
export function network_set_timeout(
  socket: GmlNumber,
  read_timeout: GmlNumber,
  write_timeout: GmlNumber,
): void {
  const where = 'network_set_timeout'
  const readMs = toNumber(where, 'read_timeout', read_timeout)
  const writeMs = toNumber(where, 'write_timeout', write_timeout)
  checkRange(where, 'read_timeout', readMs, 0, timeMax)
  checkRange(where, 'write_timeout', writeMs, 0, timeMax)
  const found = findSocket(where, socket)
  if (found === undefined) noSocket(where, socket)
  else {
    const { world } = found.gml.network
    setSocketTimeout(world, found.entity, Math.trunc(readMs), Math.trunc(writeMs) || timeMax)
  }
}

/**
 * Whether this machine has a network: in Node, whether an interface other than loopback has an address; in browsers what
 * the browser says.
 *
 * @param attempt_connection for consoles; means nothing here
 */
export function os_is_network_connected(attempt_connection: GmlNumber = false): boolean {
  toNumber('os_is_network_connected', 'attempt_connection', attempt_connection)
  return isNetworkUp()
}

function setSocket(where: string, socket: number, config: SocketConfig): undefined {
  const found = findSocket(where, socket)
  if (found === undefined) {
    noSocket(where, socket)
    return undefined
  }
  const { network } = found.gml
  if (setNetworkConfig(network.world, found.entity, config) < 0) warnOfType(where, network)
  return undefined
}

function warnOfType(where: string, network: Network): void {
  warn(network.warner, 'gml', `${where}: a socket of this type has no such setting`)
}

function isWebSocketClient({ gml, entity }: GmlSocket): boolean {
  const socket = gml.network.sockets.get(entity)
  return socket?.kind === 'connection' && socket.isMessages && socket.role === SocketRole.client
}

function setProtocol(
  where: string,
  value: GmlNumber | string,
  value2: GmlNumber | string | undefined,
): undefined {
  // Alone a string is the sub-protocol; before one it is the number of a socket.
  if (typeof value === 'string' && value2 === undefined) {
    checkProtocol(where, 'value1', value)
    setNetworkConfig(boundWorld(where).network.world, { webSocketProtocol: value })
    return undefined
  }
  const socket = toNumber(where, 'value1', value)
  const found = findSocket(where, socket)
  if (typeof value2 !== 'string') throw wrongType(where, 'value2', 'a sub-protocol', value2)
  checkProtocol(where, 'value2', value2)
  if (found === undefined) noSocket(where, socket)
  else if (isWebSocketClient(found)) found.protocol = value2
  else warnOfType(where, found.gml.network)
  return undefined
}

function checkRange(where: string, name: string, value: number, min: number, max: number): void {
  if (!(value >= min && value <= max))
    throw new RangeError(`${where}: ${name} must be in ${min}..${max}, got ${value}`)
}
