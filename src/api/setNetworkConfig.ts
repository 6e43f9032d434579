import type { EntityId, World } from 'bitecs'
import { type NetworkConfig } from '../config/NetworkConfig.ts'
import { networkConfigChecks } from '../config/networkConfigChecks.ts'
import { type SocketConfig, socketConfigChecks } from '../config/SocketConfig.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { checkOptions } from '../errors/checkOptions.ts'
import { isObject } from '../errors/isObject.ts'
import { type Network } from '../network/Network.ts'
import { networkOf } from '../network/networkOf.ts'
import { watchUnfinished } from '../socket/watch.ts'

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
  if (isObject(target)) {
    Object.assign(network.config, checkOptions(where, 'setting', target, networkConfigChecks))
    return 0
  }
  if (typeof target !== 'number')
    throw wrongType(where, 'config', 'an object of settings, or an entity before it', target)
  const given = checkOptions(where, 'socket setting', socketConfig!, socketConfigChecks)
  return changeSocket(network, target, given)
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
