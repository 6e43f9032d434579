// Why a host name has no address.

import { NetworkError } from '../../constants/NetworkError.ts'
import { hasNoSockets } from './bindErrors.ts'
import { networkErrorOf } from './networkErrorOf.ts'

/** The error as it is, or `EMFILE` if it says that a name has no address while no descriptor is free. */
export function trueErrorOf(error: NodeJS.ErrnoException): NodeJS.ErrnoException {
  if (networkErrorOf(error) !== NetworkError.hostNotFound || !hasNoSockets()) return error
  return Object.assign(new Error('too many open files', { cause: error }), { code: 'EMFILE' })
}
