import { isError } from './isError.ts'

/** Runs what may call code of the user and keeps what it throws, so that nothing else is lost by it. */
export function collect(errors: unknown[], run: () => void): void {
  try {
    run()
  } catch (error) {
    errors.push(error)
  }
}

/** The same for each of some things: what one throws keeps none of the others from its turn. */
export function collectEach<T>(errors: unknown[], each: Iterable<T>, run: (one: T) => void): void {
  for (const one of each)
    try {
      run(one)
    } catch (error) {
      errors.push(error)
    }
}

/** Runs what may call code of the user; undoes it if that throws. */
export function runOrUndo(run: () => void, undo: () => void): void {
  const errors: unknown[] = []
  collect(errors, run)
  if (errors.length > 0) collect(errors, undo)
  throwCollected(errors)
}

/** Throws what was collected: nothing, the one error itself, or an `AggregateError` of several. */
export function throwCollected(errors: readonly unknown[]): void {
  if (errors.length === 0) return
  if (errors.length === 1) throw errors[0]
  throw new AggregateError(errors, `${errors.length} errors`)
}

/** The errors of an `AggregateError`, or the one itself. */
export function errorsOf(error: unknown): readonly unknown[] {
  const isSeveral = isError(error) && 'errors' in error && Array.isArray(error.errors)
  return isSeveral ? (error.errors as unknown[]) : [error]
}
