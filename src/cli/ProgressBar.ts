/** Drawn so often at most. */
const intervalMs = 100
/** What is done sooner has none. */
const firstMs = 500
const width = 24

/** A line on standard error that shows how far something is. There is none unless that is a terminal. */
export class ProgressBar {
  readonly #startMs = performance.now()
  #drawnMs = 0
  #isShown = false

  /** @param text what is beside the bar, asked for when it is drawn */
  show(share: number, text: (passedMs: number) => string): void {
    if (!process.stderr.isTTY) return
    const nowMs = performance.now()
    const passedMs = nowMs - this.#startMs
    if (passedMs < firstMs || nowMs - this.#drawnMs < intervalMs) return
    this.#drawnMs = nowMs
    this.#isShown = true
    const full = Math.round(Math.min(share, 1) * width)
    const bar = `${'█'.repeat(full)}${'░'.repeat(width - full)}`
    const percent = `${Math.floor(share * 100)}`.padStart(3)
    process.stderr.write(`\r${bar} ${percent} %  ${text(passedMs)}\x1b[K`)
  }

  /** Takes it away. */
  end(): void {
    if (this.#isShown) process.stderr.write('\r\x1b[K')
    this.#isShown = false
  }
}
