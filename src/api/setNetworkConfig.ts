import type { EntityId, World } from 'bitecs'
import { type NetworkConfig } from '../config/NetworkConfig.ts'
import { networkConfigChecks } from '../config/networkConfigChecks.ts'
import { checkBoolean, checkPolicy, integerIn } from '../errors/optionChecks.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { checkOptions, type OptionTable } from '../errors/checkOptions.ts'
import { type Network } from '../network/Network.ts'
import { networkOf } from '../network/networkOf.ts'
import { type MalformedPolicy } from '../protocol/ByteStream.ts'
import { watchUnfinished } from '../socket/watch.ts'

/** Settings of one socket. On a server: of the connections it accepts from now on. */
export interface SocketConfig {
  /**
   * End the connection by a reset, so that its port does not linger (RFC 9293, TIME-WAIT). What has not left
   * is lost. GameMaker's `network_config_avoid_time_wait`.
   */
  readonly avoidTimeWait?: boolean
  /**
   * Largest message taken, in bytes. GameMaker's `network_config_message_size_limit`. WebSocket: not above what the server,
   * or the connection, was made with.
   */
  readonly messageBytesMax?: number
  /** What happens to bytes that are not a packet. */
  readonly malformed?: MalformedPolicy
  /**
   * Milliseconds in which a packet that has begun to arrive must be complete; 0, the default, for no limit. The first time
   * limit of `setSocketTimeout`.
   */
  readonly readTimeoutMs?: number
  /**
   * Milliseconds after which a connection is closed whose peer takes none of the bytes that wait to leave. Default: the
   * world's. The second time limit of `setSocketTimeout`.
   */
  readonly writeStallMs?: number
  /**
   * UDP: `sendUdp` repeats a message until it has arrived, and each arrives once; both ends must switch it on.
   * `'ordered'` also hands messages out in the order in which they were sent. GameMaker's
   * `network_config_enable_reliable_udp` and `network_config_disable_reliable_udp`.
   */
  readonly reliable?: boolean | 'ordered'
  /**
   * UDP: join the IPv6 group FF02::1 on every interface, for what others broadcast, and `broadcast` to it. GameMaker's
   * `network_config_enable_multicast` and `network_config_disable_multicast`.
   */
  readonly multicast?: boolean
}

const socketConfigChecks: OptionTable<SocketConfig> = {
  avoidTimeWait: checkBoolean,
  messageBytesMax: integerIn(0),
  malformed: checkPolicy,
  readTimeoutMs: integerIn(0),
  writeStallMs: integerIn(1),
  reliable(where, name, value) {
    if (typeof value !== 'boolean' && value !== 'ordered')
      throw wrongType(where, name, "true, false or 'ordered'", value)
  },
  multicast: checkBoolean,
}

const where = 'setNetworkConfig'

/**
 * Changes settings: GameMaker's `network_set_config`. Sockets that exist keep the sizes, policies and
 * time limits they were made with; give a socket to change those of that one, also for when it connects again. What is not
 * a size, policy or time limit of a connection, such as the tick's budget, `queuedEventsMax`, the limits of UDP and pings,
 * holds for all at once.
 *
 * @returns 0; or `unknownSocket` if `socket` is not a socket, `unsupported` if one of its type has no such setting
 * @throws TypeError or RangeError for an unknown setting or a value out of range; nothing is changed then
 */
export function setNetworkConfig(world: World, config: Partial<NetworkConfig>): 0
export function setNetworkConfig(
  world: World,
  socket: EntityId,
  config: SocketConfig,
): 0 | NetworkError
export function setNetworkConfig(
  world: World,
  target: EntityId | Partial<NetworkConfig>,
  socketConfig?: SocketConfig,
): 0 | NetworkError {
  const network = networkOf(where, world)
  if (typeof target === 'object' && target !== null) {
    checkOptions(where, 'setting', target, networkConfigChecks)
    Object.assign(network.config, definedOf(target, networkConfigChecks))
    return 0
  }
  if (typeof target !== 'number')
    throw wrongType(where, 'config', 'an object of settings, or an entity before it', target)
  if (typeof socketConfig !== 'object' || socketConfig === null)
    throw wrongType(where, 'config', 'an object of settings', socketConfig)
  checkOptions(where, 'socket setting', socketConfig, socketConfigChecks)
  return changeSocket(network, target, definedOf(socketConfig, socketConfigChecks))
}

function changeSocket(
  network: Network,
  entity: EntityId,
  { reliable, multicast, ...settings }: SocketConfig,
): 0 | NetworkError {
  const socket = network.sockets.get(entity)
  if (socket === undefined) return NetworkError.unknownSocket
  if (socket.kind === 'datagram') {
    if (Object.keys(settings).length > 0) return NetworkError.unsupported
    if (reliable !== undefined) socket.setReliable(reliable)
    if (multicast !== undefined) socket.endpoint?.setMulticast(multicast)
    return 0
  }
  if (reliable !== undefined || multicast !== undefined) return NetworkError.unsupported
  Object.assign(socket.settings, settings)
  if (socket.kind === 'connection') watchUnfinished(network.watch, socket)
  return 0
}

/** The settings that were given, as they were checked: inherited ones too. */
function definedOf<Config extends object>(config: Config, checks: OptionTable<Config>): Config {
  return Object.fromEntries(
    Object.keys(checks)
      .map((name): [string, unknown] => [name, Reflect.get(config, name)])
      .filter(([, value]) => value !== undefined),
  ) as Config
}
