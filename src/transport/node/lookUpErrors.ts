// Why a host name has no address.

import { hasNoSockets } from './bindErrors.ts'

/** What the system's resolver says, be it that there is no such name or that it could open no file or socket. */
const lookUpCodes = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL']

/** The error as it is, or `EMFILE` if it says that a name has no address while no descriptor is free. */
export function trueErrorOf(error: NodeJS.ErrnoException): NodeJS.ErrnoException {
  if (!lookUpCodes.includes(error.code ?? '') || !hasNoSockets()) return error
  return Object.assign(new Error('too many open files', { cause: error }), { code: 'EMFILE' })
}
