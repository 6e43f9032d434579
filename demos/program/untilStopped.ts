/** Resolves after the given time, when the user or the system asks the program to end, or when nobody reads its output. */
export function untilStopped(seconds: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = seconds === undefined ? undefined : setTimeout(stop, seconds * 1000)
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
    // A reader such as `head` that has seen enough. It stays: what is printed until the end is lost too.
    process.stdout.on('error', stop)
    function stop(): void {
      clearTimeout(timer)
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
      resolve()
    }
  })
}
