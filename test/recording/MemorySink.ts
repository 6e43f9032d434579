/** Keeps a recording. */
export class MemorySink {
  readonly #blocks: Uint8Array[] = []

  write(bytes: Uint8Array): void {
    this.#blocks.push(bytes)
  }

  bytes(): Uint8Array {
    // Not a view of a larger buffer: tests look at `buffer`.
    return new Uint8Array(Buffer.concat(this.#blocks))
  }
}
