// What a host or URL and a port mean for a WebSocket client, as GameMaker has it.

import { SocketType } from '../constants/SocketType.ts'

/** Where a WebSocket client connects to. */
export interface WebSocketUrl {
  readonly url: string
  /** The name or address, IPv6 without brackets. */
  readonly host: string
  readonly port: number
  readonly isSecure: boolean
}

/** Scheme, host, port, and path with query. */
const parts =
  /^(?:(wss?):\/\/)?(\[[\da-f:.]+\]|[^\s:/?#@[\]\\]+)(?::(\d{1,5}))?(\/[^\s#]*|\?[^\s#]*)?$/i

/**
 * Reads what GameMaker takes as a WebSocket's `url`: a URL, or a host with or without port and path. A numeric IPv6
 * address may stand alone, as in `connectSocket` of other sockets, or in brackets.
 *
 * @param type `wss` makes it secure whatever the URL says; a URL `wss://…` makes it secure whatever the type is
 * @param port 0 takes the port of the URL, or 80 and 443; any other wins over the URL
 * @returns `undefined` for what is no such URL
 */
export function webSocketUrl(
  type: SocketType,
  address: string,
  port: number,
): WebSocketUrl | undefined {
  const isBareIpv6 = /^[\da-f:.]+$/i.test(address) && address.split(':').length > 2
  const match = parts.exec(isBareIpv6 ? `[${address}]` : address)
  if (match === null) return undefined
  const [, scheme = 'ws', host = '', ownPort, path = '/'] = match
  const isSecure = type === SocketType.wss || scheme.toLowerCase() === 'wss'
  const chosen = port === 0 ? ownPort : port
  const suffix = chosen === undefined ? '' : `:${chosen}`
  const slash = path.startsWith('?') ? '/' : ''
  const url = `${isSecure ? 'wss' : 'ws'}://${host}${suffix}${slash}${path}`
  const finalPort = Number(chosen ?? (isSecure ? 443 : 80))
  if (finalPort === 0) return undefined
  try {
    // The platform says whether it is one, for example whether the numbers of the address are in range.
    const { hostname } = new URL(url)
    return { url, host: hostname.replace(/^\[|\]$/g, ''), port: finalPort, isSecure }
  } catch {
    return undefined
  }
}
