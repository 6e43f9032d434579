import { checkBoolean, checkPem, checkProtocol, integerIn } from '../errors/optionChecks.ts'
import { type OptionTable } from '../errors/checkOptions.ts'

/** How `connectSocket` connects. */
export interface ConnectOptions {
  /** Raw mode, GameMaker's `network_connect_raw`: no handshake, no packet headers. On UDP each send has its own choice. */
  readonly raw?: boolean
  /**
   * Report by a non-blocking connect event too, as GameMaker's `network_connect_async`. Default: the world's
   * `nonBlocking` setting. Connecting again drops an outcome that no tick has reported yet.
   */
  readonly async?: boolean
  /** Default: the world's `connectTimeoutMs`. UDP waits for nothing but the name service. */
  readonly timeoutMs?: number
  /** WebSocket: the sub-protocol to offer. Default: the world's `webSocketProtocol`. */
  readonly protocol?: string
  /** Secure WebSocket in Node: certificates in PEM to trust besides those of the platform. */
  readonly ca?: string | Uint8Array
}

export const connectOptionChecks: OptionTable<ConnectOptions> = {
  raw: checkBoolean,
  async: checkBoolean,
  timeoutMs: integerIn(1),
  protocol: checkProtocol,
  ca: checkPem,
}
