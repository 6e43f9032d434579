import { requireFiles } from '#files'
import { wrongType } from '../errors/argumentErrors.ts'

/** Throws a `TypeError` unless a path is a text that is not empty, and an `Error` where there are no files. */
export function checkPath(where: string, path: unknown): void {
  if (typeof path !== 'string' || path === '')
    throw wrongType(where, 'path', 'the path of a file', path)
  requireFiles(where)
}
