/**
 * Thrown when `asyncLoad` or its buffer is used after its Networking event, or a buffer after
 * `deleteBuffer`. Both live only while the event runs: copy what should stay.
 */
export class EventEndedError extends Error {
  override readonly name = 'EventEndedError'
}
