// What the operating system's error codes mean here.

import { DisconnectReason } from '../../constants/DisconnectReason.ts'
import { NetworkError } from '../../constants/NetworkError.ts'
import { trueErrorOf } from './lookUpErrors.ts'

/** Why a connection ended, from the error of its `node:net` socket. */
export function reasonOf({ code }: NodeJS.ErrnoException): DisconnectReason {
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED')
    return DisconnectReason.reset
  return code === 'ETIMEDOUT' ? DisconnectReason.timedOut : DisconnectReason.networkError
}

/** Why a connection could not be made. */
export function connectErrorOf(error: NodeJS.ErrnoException): NetworkError {
  switch (trueErrorOf(error).code) {
    case 'ECONNREFUSED':
      return NetworkError.refused
    case 'ETIMEDOUT':
      return NetworkError.timedOut
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return NetworkError.hostNotFound
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EADDRNOTAVAIL':
      return NetworkError.unreachable
    case 'EMFILE':
    case 'ENFILE':
      return NetworkError.tooManySockets
    case 'ECONNRESET':
    case 'EPIPE':
      return NetworkError.connectionClosed
    default:
      return NetworkError.general
  }
}
