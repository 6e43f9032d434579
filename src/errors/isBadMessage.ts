import { BadMessageError } from './BadMessageError.ts'
import { isError } from './isError.ts'

/** Whether an error says that a message could not be read: by its name too, since a handler may use another copy of the library. */
export function isBadMessage(error: unknown): error is Error {
  return isError(error) && (error instanceof BadMessageError || error.name === 'BadMessageError')
}
