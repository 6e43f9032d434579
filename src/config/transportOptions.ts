import { headerBytes } from '../protocol/packetHeader.ts'
import { type TransportConnectOptions } from '../transport/Transport.ts'
import { minuteMs, warn, type Warner } from '../warnings/Warner.ts'
import { type ConnectOptions } from './ConnectOptions.ts'
import { type NetworkConfig } from './NetworkConfig.ts'
import { type SocketSettings } from './SocketSettings.ts'

/** What a transport is asked for, of what `connectSocket` was given. */
export function transportOptions(
  { config, warner }: { readonly config: NetworkConfig; readonly warner: Warner },
  { messageBytesMax, localPort }: SocketSettings,
  host: string,
  port: number,
  { raw = false, timeoutMs, protocol, ca }: ConnectOptions,
): TransportConnectOptions {
  return {
    host,
    port,
    localPort,
    timeoutMs: timeoutMs ?? config.connectTimeoutMs,
    // A packet has its header.
    messageBytesMax: messageBytesMax + (raw ? 0 : headerBytes),
    protocol: protocol ?? config.webSocketProtocol,
    ca,
    warned: (message) => warn(warner, 'connection', message, minuteMs),
  }
}
