/** How long this process took to start, in milliseconds, on a machine without other work. */
const usualStartMs = 400

/**
 * By how much limits of time are longer than on an idle machine: as much as this process took longer to start, up to ten
 * times. A limit only ends what hangs; no case passes by it.
 */
export const patience: number = Math.min(Math.max(performance.now() / usualStartMs, 1), 10)
