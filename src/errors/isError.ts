/**
 * Whether a value is an `Error`, also one of another realm: a `vm` context, a window of jsdom, an iframe. One that throws when
 * it is looked at, as a revoked proxy does, is not.
 */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
  } catch {
    return false
  }
}
