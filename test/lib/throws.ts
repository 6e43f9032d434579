import * as assert from 'uvu/assert'

/** Fails unless `run` throws an error of this type with such a message. */
export function throws(run: () => unknown, type: ErrorConstructor, message: RegExp): void {
  try {
    run()
  } catch (error) {
    assert.instance(error, type)
    assert.match((error as Error).message, message)
    return
  }
  assert.unreachable('should have thrown')
}

/** What a call throws. Fails if it throws nothing. */
export function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
