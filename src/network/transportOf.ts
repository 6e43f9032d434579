import { platformDatagrams, platformTransports } from '#platform'
import { SocketType } from '../constants/SocketType.ts'
import { checkInteger, wrongType } from '../errors/argumentErrors.ts'
import { type DatagramTransport } from '../transport/DatagramTransport.ts'
import { type Transport } from '../transport/Transport.ts'
import { type Network } from './Network.ts'
import { warn } from './Warner.ts'

/** A kind of socket of this platform, or a transport of one's own. */
export type TransportChoice = SocketType | Transport | DatagramTransport

/** The transport that was chosen; or `undefined`, with a warning, if this platform has none of the type. */
export function transportOf(
  where: string,
  network: Network,
  choice: TransportChoice,
): Transport | DatagramTransport | undefined {
  if (typeof choice === 'object' && choice !== null) {
    const isConnections =
      !isDatagrams(choice) &&
      typeof choice.listen === 'function' &&
      typeof choice.connect === 'function'
    if ((isConnections || isDatagrams(choice)) && typeof choice.capabilities === 'object')
      return choice
    throw wrongType(where, 'type', 'a SocketType or a transport with capabilities', choice)
  }
  if (typeof choice !== 'number')
    throw wrongType(where, 'type', 'a SocketType or a transport', choice)
  checkInteger(where, 'type', choice, 0, 255)
  const found =
    platformTransports.find(({ type }) => type === choice) ??
    platformDatagrams.find(({ type }) => type === choice)
  if (found === undefined) warnOfType(network, where, choice)
  return found
}

export function isDatagrams(
  transport: Transport | DatagramTransport,
): transport is DatagramTransport {
  return 'bind' in transport && typeof transport.bind === 'function'
}

/** Says which sockets there are instead. */
function warnOfType(network: Network, where: string, type: SocketType): void {
  const offered = [...platformTransports, ...platformDatagrams]
    .map((transport) => nameOf(transport.type))
    .join(', ')
  warn(
    network.warner,
    'unsupported',
    `${where}: there are no ${nameOf(type)} sockets here; this platform has ${offered}`,
  )
}

function nameOf(type: SocketType): string {
  return Object.entries(SocketType).find(([, value]) => value === type)?.[0] ?? String(type)
}
