import { platformDatagrams, platformTransports } from '#platform'
import { warn, type Warner } from '../config/Warner.ts'
import { SocketType } from '../constants/SocketType.ts'
import { checkInteger, wrongType } from '../errors/argumentErrors.ts'
import { type DatagramTransport } from '../transport/DatagramTransport.ts'
import { type Transport } from '../transport/Transport.ts'

/** What carries the sockets of each type in one world. */
export type TransportTable = Map<SocketType, Transport | DatagramTransport>

/** A type of socket that the world has a transport for, or a transport of one's own. */
export type TransportChoice = SocketType | Transport | DatagramTransport

/** A world begins with the transports of the platform. */
export function createTransportTable(): TransportTable {
  return new Map([...platformTransports, ...platformDatagrams].map((each) => [each.type, each]))
}

/** The transport that was chosen; or `undefined`, with a warning, if the table has none of the type. */
export function chooseTransport(
  where: string,
  table: TransportTable,
  warner: Warner,
  choice: TransportChoice,
): Transport | DatagramTransport | undefined {
  if (typeof choice === 'object' && choice !== null) {
    const hasConnections =
      !isDatagramTransport(choice) &&
      typeof choice.listen === 'function' &&
      typeof choice.connect === 'function'
    if ((hasConnections || isDatagramTransport(choice)) && typeof choice.capabilities === 'object')
      return choice
    throw wrongType(where, 'type', 'a SocketType or a transport with capabilities', choice)
  }
  if (typeof choice !== 'number')
    throw wrongType(where, 'type', 'a SocketType or a transport', choice)
  checkInteger(where, 'type', choice, 0, 255)
  const found = table.get(choice)
  if (found === undefined) warnOfType(where, table, warner, choice)
  return found
}

export function isDatagramTransport(
  transport: Transport | DatagramTransport,
): transport is DatagramTransport {
  return 'bind' in transport && typeof transport.bind === 'function'
}

/** Says which sockets there are instead. */
function warnOfType(where: string, table: TransportTable, warner: Warner, type: SocketType): void {
  const offered = [...table.keys()].map(nameOf).join(', ')
  warn(
    warner,
    'unsupported',
    `${where}: there are no ${nameOf(type)} sockets here; this platform has ${offered}`,
  )
}

function nameOf(type: SocketType): string {
  return Object.entries(SocketType).find(([, value]) => value === type)?.[0] ?? String(type)
}
