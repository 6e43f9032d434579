import { minuteMs, warn, type Warner } from './Warner.ts'

/** What a compiler shows where a handler is async: the type that its `then` should have. */
type MustNotBeAsync = 'A handler must not be async: asyncLoad ends at the first await'

/** What a handler may return: anything but a promise. */
export type HandlerResult =
  void | null | string | number | bigint | boolean | symbol | { readonly then?: MustNotBeAsync }

/**
 * A handler that has returned a promise is warned of, and what the promise is rejected with too, so that it does not end
 * the process. Without one this does nothing.
 *
 * @param where the function that took the handler
 */
export function refusePromise(warner: Warner, where: string, result: unknown): void {
  if (result === undefined || !isThenable(result)) return
  const advice = 'asyncLoad and its buffer end when the handler returns: read them before that'
  warn(
    warner,
    'asyncHandler',
    `${where}: a handler must not be async, it returned a promise. ${advice}`,
    minuteMs,
  )
  result.then(undefined, (error: unknown) => {
    let text = 'what cannot be shown'
    try {
      text = String(error)
    } catch {
      // What throws here would be a rejection that nobody handles, and end the process.
    }
    warn(warner, 'asyncHandlerError', `${where}: the promise of a handler was rejected: ${text}`)
  })
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  const { then } = Object(value) as Partial<PromiseLike<unknown>>
  return typeof then === 'function'
}
