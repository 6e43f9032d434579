/** Copies share blocks of this size: what is sent is small and short-lived, and a block costs as much as a copy of its own. */
const blockBytes = 65_536
/** Larger ones have memory of their own. */
const sharedBytesMax = blockBytes / 4

/** Memory for copies of what is on its way. */
export class CopyMemory {
  #block = new Uint8Array(0)
  #used = 0

  /** A copy that nothing else writes to. */
  copy(bytes: Uint8Array): Uint8Array {
    const size = bytes.length
    // Not `slice`, which of a `Buffer` is no copy.
    if (size > sharedBytesMax) return new Uint8Array(bytes)
    if (this.#used + size > this.#block.length) {
      this.#block = new Uint8Array(blockBytes)
      this.#used = 0
    }
    const copy = this.#block.subarray(this.#used, this.#used + size)
    copy.set(bytes)
    this.#used += size
    return copy
  }
}
