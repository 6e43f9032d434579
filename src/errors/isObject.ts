/** Whether a value is an object of any kind; `null` and functions are not. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
