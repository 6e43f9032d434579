import { platformTransports } from '#platform'
import { type SocketType } from '../constants/SocketType.ts'
import { checkInteger, wrongType } from '../errors/argumentErrors.ts'
import { type Transport } from '../transport/Transport.ts'

/** A kind of socket of this platform, or a transport of one's own. */
export type TransportChoice = SocketType | Transport

/** The transport that was chosen, or `undefined` if this platform has none of the type. */
export function transportOf(where: string, choice: TransportChoice): Transport | undefined {
  if (typeof choice === 'object' && choice !== null) {
    if (typeof choice.listen === 'function' && typeof choice.connect === 'function') return choice
    throw wrongType(where, 'type', 'a SocketType or a transport', choice)
  }
  checkInteger(where, 'type', choice, 0, 255)
  return platformTransports.find(({ type }) => type === choice)
}
