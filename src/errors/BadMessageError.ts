/**
 * Thrown when received bytes cannot be read as what was asked for, such as a number past the end of a message. A handler
 * may throw it too, for a message that it does not understand.
 *
 * What a handler lets out of this kind is the sender's fault: the setting `badMessages` says what happens, and the tick
 * goes on.
 */
export class BadMessageError extends Error {
  override readonly name = 'BadMessageError'
}
