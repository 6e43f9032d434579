/** Whether a value is an `Error`, also one of another realm: a `vm` context, a window of jsdom, an iframe. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
}
