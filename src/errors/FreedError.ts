/**
 * Thrown when something is used after its life: `asyncLoad` or its buffer after their Networking event,
 * a buffer after `deleteBuffer`. Copy inside the event what should stay.
 */
export class FreedError extends Error {
  override readonly name = 'FreedError'
}
