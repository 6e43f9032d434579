import { SocketType, socketTypeName } from '../constants/SocketType.ts'
import { type ConnectOptions } from './ConnectOptions.ts'
import { type ServerOptions } from './ServerOptions.ts'

/** The types of socket that have an option, by its name; all have one that is not here. */
type OptionTypes<Options> = { readonly [Name in keyof Options]?: readonly SocketType[] }

const secure = [SocketType.wss] as const
const webSocket = [SocketType.ws, SocketType.wss] as const
const connections = [SocketType.tcp, ...webSocket] as const

/** Options of servers. */
export const serverOptionTypes: OptionTypes<ServerOptions> = {
  certificate: secure,
  http: webSocket,
  path: webSocket,
  origins: webSocket,
  protocol: webSocket,
  maxClients: connections,
  malformed: connections,
}

/** Options of connecting. */
export const connectOptionTypes: OptionTypes<ConnectOptions> = {
  protocol: webSocket,
  ca: webSocket,
}

/**
 * Refuses an option that sockets of this type do not have: a server that silently did not encrypt, or took every origin, would be
 * worse than none.
 *
 * @throws TypeError that names the option and the types that have it
 */
export function checkOptionTypes<Options extends object>(
  where: string,
  type: SocketType,
  options: Options,
  table: OptionTypes<Options>,
): void {
  for (const [name, types] of Object.entries<readonly SocketType[] | undefined>(table)) {
    if (types === undefined || types.includes(type)) continue
    if (Reflect.get(options, name) === undefined) continue
    const names = types.map((each) => `SocketType.${socketTypeName(each)}`).join(', ')
    throw new TypeError(`${where}: ${name} is an option of ${names} only`)
  }
}
