/** Keeps a recording. */
export class MemorySink {
  readonly #blocks: Uint8Array[] = []

  write(bytes: Uint8Array): void {
    this.#blocks.push(bytes)
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#blocks.flatMap((block) => [...block]))
  }
}
