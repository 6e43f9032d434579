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
