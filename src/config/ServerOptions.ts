import { wrongType } from '../errors/argumentErrors.ts'
import { checkOptions, type OptionTable } from '../errors/checkOptions.ts'
import { isObject } from '../errors/isObject.ts'
import {
  checkBoolean,
  checkPem,
  checkPolicy,
  checkProtocol,
  integerIn,
  limitIn,
} from '../errors/optionChecks.ts'
import { type MalformedPolicy } from '../protocol/ByteStream.ts'
import { originOf } from './originOf.ts'
import { requestPath } from './requestPath.ts'
import { type Certificate, type HttpServer } from '../transport/Transport.ts'

/** How `createServer` listens. */
export interface ServerOptions {
  /**
   * Connections at one time. One too many is refused without an event: TCP accepts and closes it, WebSocket answers its request
   * with 503. Default: no limit.
   */
  readonly maxClients?: number
  /** Raw mode, GameMaker's `network_create_server_raw`: no handshake, no packet headers. */
  readonly raw?: boolean
  /**
   * The numeric address to listen on, for example `'127.0.0.1'` to be reached from this machine only.
   * Default: all addresses, IPv6 and IPv4.
   */
  readonly host?: string
  /** Largest message taken from a client, in bytes; a larger one ends its connection. Default: the world's
   * `acceptedMessageBytesMax`, 4 MiB. UDP: a larger datagram is dropped and counted, the sender of a larger reliable message is
   * lost; default: what a datagram carries, and `reliableMessageBytesMax`. */
  readonly messageBytesMax?: number
  /** What happens to bytes that are not a packet. Default: the world's setting. */
  readonly malformed?: MalformedPolicy
  /** `SocketType.wss` in Node: the server's certificate chain and its private key, in PEM. */
  readonly certificate?: Certificate
  /**
   * WebSocket: an HTTP or HTTPS server of yours to share, instead of a port of its own: give port 0. It goes on when
   * this server is removed. A path that another server has there is `portUnavailable`. An upgrade to a path that none has
   * is answered with 404, unless the HTTP server has other `upgrade` listeners.
   */
  readonly http?: HttpServer
  /**
   * WebSocket: the path that clients must ask for, for example `'/game'`. Default: any; on an HTTP server that several
   * servers share, any that none of the others has.
   */
  readonly path?: string
  /**
   * WebSocket: pages of these origins only, for example `['https://example.org']`. Default: of all. Programs that are not
   * pages send no origin and are let in. An origin is a scheme, a host, and a port if it is not the scheme's own; `'null'`
   * stands for pages without one, such as local files.
   */
  readonly origins?: readonly string[]
  /** WebSocket: the sub-protocol to choose. Default: the world's `webSocketProtocol`, or what a client offers first. */
  readonly protocol?: string
}

/** The values are checked apart, since neither may be missing. */
const certificateChecks: OptionTable<Certificate> = { cert() {}, key() {} }

export const serverOptionChecks: OptionTable<ServerOptions> = {
  maxClients: /* @__PURE__ */ limitIn(0, 2_147_483_648),
  raw: checkBoolean,
  host(where, name, value) {
    if (typeof value !== 'string' || value === '') throw wrongType(where, name, 'an address', value)
  },
  messageBytesMax: /* @__PURE__ */ integerIn(0),
  malformed: checkPolicy,
  certificate(where, name, value) {
    if (!isObject(value)) throw wrongType(where, name, 'an object such as { cert, key }', value)
    const certificate = value as Partial<Certificate>
    checkOptions(where, `${name} option`, certificate, certificateChecks)
    checkPem(where, `${name}.cert`, certificate.cert)
    checkPem(where, `${name}.key`, certificate.key)
  },
  http(where, name, value) {
    if (typeof (value as Partial<HttpServer> | null)?.on !== 'function')
      throw wrongType(where, name, 'a server of node:http or node:https', value)
  },
  path(where, name, value) {
    if (typeof value !== 'string' || requestPath(value) === undefined)
      throw wrongType(where, name, "a path that begins with '/' and has no query", value)
  },
  origins(where, name, value) {
    if (!Array.isArray(value) || !value.every((text) => typeof text === 'string'))
      throw wrongType(where, name, "an array such as ['https://example.org']", value)
    for (const text of value)
      if (originOf(text) === undefined)
        throw wrongType(where, name, "origins such as 'https://example.org', without path", text)
  },
  protocol: checkProtocol,
}
