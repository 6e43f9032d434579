import { NetworkError } from '../../constants/NetworkError.ts'

/** What an error code of the operating system means. */
export function networkErrorOf({ code }: NodeJS.ErrnoException): NetworkError {
  switch (code) {
    case 'EMFILE':
    case 'ENFILE':
      return NetworkError.tooManySockets
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return NetworkError.hostNotFound
    // To an address of another machine or of a family that this one does not have, or from the loopback address to another network.
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'ENETDOWN':
      return NetworkError.unreachable
    case 'ECONNREFUSED':
      return NetworkError.refused
    case 'ETIMEDOUT':
      return NetworkError.timedOut
    case 'ECONNRESET':
    case 'EPIPE':
      return NetworkError.connectionClosed
    case 'EMSGSIZE':
      return NetworkError.tooLarge
    default:
      return NetworkError.general
  }
}
