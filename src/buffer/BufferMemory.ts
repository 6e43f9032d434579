/** Bytes with a view on the same range. Buffers of one received chunk share one. */
export class BufferMemory {
  readonly bytes: Uint8Array
  /** Made when it is first asked for: many messages are passed on and never looked into. */
  #view: DataView | undefined

  constructor(bytes: Uint8Array, view?: DataView) {
    this.bytes = bytes
    this.#view = view
  }

  get hasView(): boolean {
    return this.#view !== undefined
  }

  /** Makes the view now, since much will be copied. */
  prepareView(): void {
    this.#view ??= viewOf(this.bytes)
  }

  /** Covers exactly `bytes`. */
  get view(): DataView {
    return (this.#view ??= viewOf(this.bytes))
  }
}

/** A view that covers exactly `bytes`. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

/**
 * A memory over bytes that already exist; nothing is copied.
 *
 * @param view covers exactly `bytes`, if there is one
 */
export function memoryOf(bytes: Uint8Array, view?: DataView): BufferMemory {
  return new BufferMemory(bytes, view)
}
