import { type SocketType } from '../constants/SocketType.ts'
import { checkOptionTypes, type OptionTypes, webSocketTypes } from './checkOptionTypes.ts'
import { type ConnectOptions } from './ConnectOptions.ts'

const types: OptionTypes<ConnectOptions> = { protocol: webSocketTypes, ca: webSocketTypes }

/** Refuses an option of connecting that sockets of this type do not have, as `checkOptionTypes`. */
export function checkConnectTypes(where: string, type: SocketType, options: ConnectOptions): void {
  checkOptionTypes(where, type, options, types)
}
