/** How far something has come, and since when. */
export interface Progress {
  /** Grows or falls as it goes on. */
  mark: number
  sinceMs: number
}

/** It has come as far as `mark`. */
export function setProgress(progress: Progress, mark: number, nowMs: number): void {
  progress.mark = mark
  progress.sinceMs = nowMs
}
