/**
 * Whether a value is a `Uint8Array`, also one of another realm: a `vm` context, a window of jsdom, an iframe. These have a
 * class of their own, so `instanceof` does not recognise it. Other views and `ArrayBuffer`s are not bytes.
 */
export function isBytes(value: unknown): value is Uint8Array {
  if (value instanceof Uint8Array) return true
  return (
    ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]'
  )
}
