import { headerBytes } from '../protocol/packetHeader.ts'
import { type ListenOptions } from '../transport/Transport.ts'
import { type NetworkConfig } from './NetworkConfig.ts'
import { originOf } from './originOf.ts'
import { requestPath } from './requestPath.ts'
import { type ServerOptions } from './ServerOptions.ts'
import { type SocketSettings } from './SocketSettings.ts'

/**
 * What a transport is asked for, of what a server was given.
 *
 * @param settings of the connections it will accept
 */
export function listenOptions(
  config: NetworkConfig,
  { messageBytesMax }: SocketSettings,
  port: number,
  { raw = false, host, certificate, http, path, origins, protocol }: ServerOptions,
): ListenOptions {
  return {
    port,
    host,
    messageBytesMax: messageBytesMax + (raw ? 0 : headerBytes),
    handshakeTimeoutMs: config.handshakeTimeoutMs,
    certificate,
    webSocket: {
      http,
      path: path === undefined ? undefined : requestPath(path),
      origins: origins?.map((origin) => originOf(origin) ?? origin),
      protocol: protocol ?? config.webSocketProtocol,
    },
  }
}
