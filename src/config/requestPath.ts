import { normalPath } from '../transport/normalPath.ts'

/**
 * Writes the path of a URL as clients send it: escaped, without `.` and `..`.
 *
 * @returns `undefined` for a text that no request has as its path: without a slash in front, or with a query or a fragment
 */
export function requestPath(text: string): string | undefined {
  if (!text.startsWith('/') || /[?#\\\s]/.test(text) || !URL.canParse(`http://host${text}`))
    return undefined
  return normalPath(new URL(`http://host${text}`).pathname)
}
