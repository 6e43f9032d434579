import { wrongType } from '../errors/argumentErrors.ts'
import { type OptionTable } from '../errors/checkOptions.ts'
import { checkBoolean, checkPolicy, integerIn } from '../errors/optionChecks.ts'
import { type MalformedPolicy } from '../protocol/ByteStream.ts'

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

export const socketConfigChecks: OptionTable<SocketConfig> = {
  avoidTimeWait: checkBoolean,
  messageBytesMax: /* @__PURE__ */ integerIn(0),
  malformed: checkPolicy,
  readTimeoutMs: /* @__PURE__ */ integerIn(0),
  writeStallMs: /* @__PURE__ */ integerIn(1),
  reliable(where, name, value) {
    if (typeof value !== 'boolean' && value !== 'ordered')
      throw wrongType(where, name, "true, false or 'ordered'", value)
  },
  multicast: checkBoolean,
}
