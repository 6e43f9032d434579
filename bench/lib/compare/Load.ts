// The clients of a server under test; they run in the parent.

/** Clients that are connected to one server. */
export interface Load {
  /** Does so many units of work; resolves when the last reply has come, rejects when a byte was wrong. */
  run(units: number): Promise<void>
  close(): void
}

const stallMs = 20_000

/** Rejects by `fail`, or when `done` is not called in time. */
export function settled(
  start: (done: () => void, fail: (reason: string) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => reject(new Error(reason))
    const timer = setTimeout(() => fail(`the clients were not done after ${stallMs} ms`), stallMs)
    start(
      () => {
        clearTimeout(timer)
        resolve()
      },
      (reason) => {
        clearTimeout(timer)
        fail(reason)
      },
    )
  })
}
