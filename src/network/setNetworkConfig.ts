import { type EntityId, type World } from 'bitecs'
import { type Clock } from '../clock/Clock.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { checkInteger, show, wrongType } from '../errors/argumentErrors.ts'
import { type MalformedPolicy } from '../protocol/ByteStream.ts'
import { checkBytesMax, checkPolicy, checkProtocol } from './checkSettings.ts'
import { type AnySocket, networkOf } from './Network.ts'
import { type NetworkConfig } from './NetworkConfig.ts'

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
  /** What becomes of bytes that are no packet. */
  readonly malformed?: MalformedPolicy
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

const where = 'setNetworkConfig'

/**
 * Changes settings: GameMaker's `network_set_config`. Sockets that exist keep the sizes, policies and
 * time limits they were made with; give a socket to change those of that one. The tick's budget, `queuedEventsMax`,
 * `datagramsPerSenderMax`, `datagramQueueBytesMax`, `pingIntervalMs` and `pongTimeoutMs` hold for all at once.
 *
 * @returns 0; or `unknownSocket` if `socket` is no socket, `unsupported` if one of its type has no such setting
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
    const changes = definedEntries(target)
    for (const [name, value] of changes) checkSetting(name, value)
    Object.assign(network.config, Object.fromEntries(changes))
    return 0
  }
  if (typeof target !== 'number')
    throw wrongType(where, 'config', 'an object of settings, or an entity before it', target)
  if (typeof socketConfig !== 'object' || socketConfig === null)
    throw wrongType(where, 'config', 'an object of settings', socketConfig)
  const changes = definedEntries(socketConfig)
  for (const [name, value] of changes) checkSocketSetting(name, value)
  return changeSocket(network.sockets.get(target), socketConfig)
}

function changeSocket(
  found: AnySocket | undefined,
  { avoidTimeWait, messageBytesMax, malformed, reliable, multicast }: SocketConfig,
): 0 | NetworkError {
  if (found === undefined) return NetworkError.unknownSocket
  if (found.kind === 'datagrams') {
    if (avoidTimeWait !== undefined || messageBytesMax !== undefined || malformed !== undefined)
      return NetworkError.unsupported
    if (reliable !== undefined) found.setReliable(reliable)
    if (multicast !== undefined) found.endpoint?.setMulticast(multicast)
    return 0
  }
  if (reliable !== undefined || multicast !== undefined) return NetworkError.unsupported
  if (avoidTimeWait !== undefined) found.avoidTimeWait = avoidTimeWait
  if (found.kind === 'listener') {
    found.settings = {
      ...found.settings,
      ...(messageBytesMax === undefined ? {} : { messageBytesMax }),
      ...(malformed === undefined ? {} : { malformed }),
    }
    return 0
  }
  if (messageBytesMax !== undefined) found.stream.messageBytesMax = messageBytesMax
  if (malformed !== undefined) found.stream.malformed = malformed
  return 0
}

/** The kind of value that each setting takes. */
const kinds: Record<keyof NetworkConfig, 'ms' | 'bytes' | 'budget' | 'boolean' | 'i32' | 'other'> =
  {
    pingIntervalMs: 'budget',
    pongTimeoutMs: 'ms',
    webSocketProtocol: 'other',
    datagramsPerSenderMax: 'budget',
    sendersMax: 'budget',
    datagramQueueBytesMax: 'budget',
    reliableMessageBytesMax: 'bytes',
    random: 'other',
    connectTimeoutMs: 'ms',
    handshakeTimeoutMs: 'ms',
    writeStallMs: 'ms',
    nonBlocking: 'boolean',
    clientDisconnectEvents: 'boolean',
    malformed: 'other',
    clientMessageBytesMax: 'bytes',
    acceptedMessageBytesMax: 'bytes',
    clientSendQueueBytesMax: 'bytes',
    acceptedSendQueueBytesMax: 'bytes',
    queuedEventsMax: 'budget',
    queuedBytesMax: 'budget',
    eventsPerTickMax: 'budget',
    eventsPerSocketMax: 'budget',
    gameId: 'i32',
    clock: 'other',
    warn: 'other',
  }

function checkSetting(name: string, value: unknown): void {
  switch (Object.hasOwn(kinds, name) ? kinds[name as keyof NetworkConfig] : undefined) {
    case 'ms':
      return checkInteger(where, name, value, 1, 2 ** 31 - 1)
    case 'bytes':
      return checkInteger(where, name, value, 1, 2 ** 31 - 1)
    case 'budget':
      return value === Infinity ? undefined : checkInteger(where, name, value, 1, 2 ** 31 - 1)
    case 'i32':
      return checkInteger(where, name, value, -(2 ** 31), 2 ** 31 - 1)
    case 'boolean':
      return checkBoolean(name, value)
    case 'other':
      return checkOther(name, value)
    default:
      throw new TypeError(`${where}: there is no setting ${show(name)}`)
  }
}

function checkOther(name: string, value: unknown): void {
  if (name === 'malformed') checkPolicy(where, value)
  else if ((name === 'warn' || name === 'random') && typeof value !== 'function')
    throw wrongType(where, name, 'a function', value)
  else if (name === 'clock' && !isClock(value)) throw wrongType(where, name, 'a clock', value)
  else if (name === 'webSocketProtocol') checkProtocol(where, name, value)
}

function isClock(value: unknown): boolean {
  const { now, setTimer } = Object(value) as Partial<Clock>
  return typeof now === 'function' && typeof setTimer === 'function'
}

function checkSocketSetting(name: string, value: unknown): void {
  if (name === 'messageBytesMax') checkBytesMax(where, value)
  else if (name === 'malformed') checkPolicy(where, value)
  else if (name === 'avoidTimeWait' || name === 'multicast') checkBoolean(name, value)
  else if (name === 'reliable') checkReliable(value)
  else throw new TypeError(`${where}: there is no socket setting ${show(name)}`)
}

function checkBoolean(name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw wrongType(where, name, 'true or false', value)
}

function checkReliable(value: unknown): void {
  if (typeof value !== 'boolean' && value !== 'ordered')
    throw wrongType(where, 'reliable', "true, false or 'ordered'", value)
}

function definedEntries(config: object): [string, unknown][] {
  return Object.entries(config).filter(([, value]) => value !== undefined)
}
