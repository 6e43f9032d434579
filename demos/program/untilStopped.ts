/** Resolves after the given time, or when the user or the system asks the program to end. */
export function untilStopped(seconds: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = seconds === undefined ? undefined : setTimeout(stop, seconds * 1000)
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
    function stop(): void {
      clearTimeout(timer)
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
      resolve()
    }
  })
}
