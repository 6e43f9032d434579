import { SocketType, socketTypeName } from '../constants/SocketType.ts'
import { checkInteger, wrongType } from '../errors/argumentErrors.ts'
import { isObject } from '../errors/isObject.ts'
import { type DatagramTransport } from '../transport/DatagramTransport.ts'
import { type Transport } from '../transport/Transport.ts'
import { warn, type Warner } from '../warnings/Warner.ts'

/** What carries the sockets of each type in one world. */
export type TransportTable = Map<SocketType, Transport | DatagramTransport>

/** A type of socket that the world has a transport for, or a transport of one's own. */
export type TransportChoice = SocketType | Transport | DatagramTransport

/** The transport that was chosen; or `undefined`, with a warning, if the table has none of the type. */
export function chooseTransport(
  where: string,
  table: TransportTable,
  warner: Warner,
  choice: TransportChoice,
): Transport | DatagramTransport | undefined {
  if (isTransport(choice)) return choice
  if (typeof choice !== 'number') {
    const expected = 'a SocketType such as SocketType.tcp, or a transport with capabilities'
    throw wrongType(where, 'type', expected, choice)
  }
  checkInteger(where, 'type', choice, 0, 255)
  const found = table.get(choice)
  if (found !== undefined) return found
  const offered = [...table.keys()].map(socketTypeName).join(', ')
  const message = `${where}: there are no ${socketTypeName(choice)} sockets here; this platform has ${offered}`
  warn(warner, 'unsupported', message)
  return undefined
}

/** A transport has said that it cannot listen. */
export function warnOfServer(where: string, warner: Warner, type: SocketType): void {
  const isSecure = type === SocketType.wss
  const reason = isSecure
    ? 'a secure server needs the option certificate, and Node'
    : 'a page cannot listen'
  warn(warner, 'unsupported', `${where}: ${reason}`)
}

function isTransport(choice: TransportChoice): choice is Transport | DatagramTransport {
  if (!isObject(choice) || !isObject(choice.capabilities)) return false
  if (isDatagramTransport(choice)) return true
  return typeof choice.listen === 'function' && typeof choice.connect === 'function'
}

export function isDatagramTransport(
  transport: Transport | DatagramTransport,
): transport is DatagramTransport {
  return typeof (transport as DatagramTransport).bind === 'function'
}
