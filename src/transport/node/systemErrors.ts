// What the operating system's error codes mean here.

import { DisconnectReason } from '../../constants/DisconnectReason.ts'
import { NetworkError } from '../../constants/NetworkError.ts'
import { type TransportConnectOptions } from '../Transport.ts'
import { bindErrorOf } from './bindErrors.ts'
import { trueErrorOf } from './lookUpErrors.ts'
import { networkErrorOf } from './networkErrorOf.ts'

/** Why a connection ended, from the error of its `node:net` socket. */
export function reasonOf({ code }: NodeJS.ErrnoException): DisconnectReason {
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED')
    return DisconnectReason.reset
  return code === 'ETIMEDOUT' ? DisconnectReason.timedOut : DisconnectReason.networkError
}

/** As the system says of a peer that does not answer. */
export function noAnswer(): Error {
  return Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })
}

/** Why a connection could not be made, with a warning if that is the port that the client has chosen for itself. */
export function connectErrorOf(
  error: NodeJS.ErrnoException,
  { localPort = 0, warned }: TransportConnectOptions,
): NetworkError {
  // The system may notice only at the end that a former connection between the same ports is not gone.
  if (localPort !== 0 && (error.syscall === 'bind' || error.code === 'EADDRNOTAVAIL')) {
    warned?.(
      `port ${localPort} of this side cannot be bound (${error.code}); the server's goes to connectSocket`,
    )
    return error.code === 'EADDRNOTAVAIL' ? NetworkError.portUnavailable : bindErrorOf(error)
  }
  return networkErrorOf(trueErrorOf(error))
}
