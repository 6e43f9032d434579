const firstMs = 500
const maxMs = 5000

/** How long to wait before a new attempt to connect, after so many in a row have failed: 0.5 s, doubling up to 5 s. */
export function backoff(failures: number): number {
  return Math.min(firstMs * 2 ** failures, maxMs)
}
