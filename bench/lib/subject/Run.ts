// A workload in the process under test.

/** Does so many units of work and returns the CPU microseconds of what counts of them. */
export type Run = (units: number) => number | Promise<number>

/** User and system time of this process so far. */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** CPU microseconds that `work` takes. */
export function cpuOf(work: () => void): number {
  const before = cpuMicros()
  work()
  return cpuMicros() - before
}

/** Fails when the library did not do what was measured. */
export function expectCount(what: string, got: number, expected: number): void {
  if (got !== expected) throw new Error(`expected ${expected} ${what}, got ${got}`)
}
