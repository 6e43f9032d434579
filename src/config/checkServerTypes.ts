import { SocketType } from '../constants/SocketType.ts'
import { checkOptionTypes, type OptionTypes, webSocketTypes } from './checkOptionTypes.ts'
import { type ServerOptions } from './ServerOptions.ts'

const connections: readonly SocketType[] = [SocketType.tcp, SocketType.ws, SocketType.wss]

const types: OptionTypes<ServerOptions> = {
  certificate: [SocketType.wss],
  http: webSocketTypes,
  path: webSocketTypes,
  origins: webSocketTypes,
  protocol: webSocketTypes,
  maxClients: connections,
  malformed: connections,
}

/** Refuses an option of servers that those of this type do not have, as `checkOptionTypes`. */
export function checkServerTypes(where: string, type: SocketType, options: ServerOptions): void {
  checkOptionTypes(where, type, options, types)
}
