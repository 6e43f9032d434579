import { isIPv6 } from 'node:net'
import { CliError, ExitCode } from './CliError.ts'
import { type ConnectCommand, type TypeName } from './Command.ts'
import { toJson } from './escapeText.ts'
import { readType } from './readType.ts'
import { readPort } from './readWholeNumber.ts'

/** Where `connect` connects to. */
export type Target = Pick<ConnectCommand, 'type' | 'host' | 'port' | 'path'>

/** Host, port, and path with query. */
const parts = /^(\[[\da-f:.]+(?:%\w+)?\]|[^\s:/?#@[\]\\]+)(?::(\d+))?([/?][^\s#]*)?$/i

const usage = 'connect needs type://host:port, such as tcp://localhost:6510'

/** Reads the arguments of `connect`. Throws a `CliError` for what is no target. */
export function readTarget(args: readonly string[]): Target {
  const [first, host, port, surplus] = args
  if (first === undefined) throw mistake('a target is missing')
  if (surplus !== undefined) throw mistake(`unexpected argument ${toJson(surplus)}`)
  const url = /^([^:/]*):\/\/(.*)$/s.exec(first)
  if (url !== null) {
    if (host !== undefined) throw mistake(`unexpected argument ${toJson(host)}`)
    return readUrl(first, readType(url[1]!), url[2]!)
  }
  // A host with a port alone is one of TCP.
  if (host === undefined && parts.exec(first)?.[2] !== undefined)
    return readUrl(first, 'tcp', first)
  const type = readType(first)
  if (host === undefined || port === undefined) throw mistake('host and port are missing')
  const [, name, ownPort, path = ''] = parts.exec(isIPv6(host) ? `[${host}]` : host) ?? []
  if (name === undefined || ownPort !== undefined || !isPathOf(type, path))
    throw mistake(`${toJson(host)} is no host`)
  return { type, host: withoutBrackets(name), port: readPort(port, 1), path }
}

function readUrl(whole: string, type: TypeName, rest: string): Target {
  const [, host, port, path = ''] = parts.exec(rest) ?? []
  if (host === undefined || !isPathOf(type, path)) {
    const hint = /^[\da-f]*:[\da-f]*:/i.test(rest)
      ? 'an IPv6 address needs brackets: tcp://[::1]:6510'
      : usage
    throw mistake(`${toJson(whole)} is no target`, hint)
  }
  // A WebSocket has a usual port.
  if (port === undefined && !isWebSocket(type)) throw mistake(`${toJson(whole)} has no port`)
  return {
    type,
    host: withoutBrackets(host),
    port: port === undefined ? 0 : readPort(port, 1),
    path,
  }
}

/** The target as a URL. */
export function showTarget({ type, host, port, path }: Target): string {
  const name = host.includes(':') ? `[${host}]` : host
  return `${type}://${name}${port === 0 ? '' : `:${port}`}${path}`
}

function isPathOf(type: TypeName, path: string): boolean {
  return path === '' || isWebSocket(type)
}

function isWebSocket(type: TypeName): boolean {
  return type === 'ws' || type === 'wss'
}

/** An IPv6 address may stand in brackets. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}

function mistake(message: string, hint = usage): CliError {
  return new CliError(ExitCode.usage, message, hint)
}
