/** Bytes with a view on the same range. Buffers of one received chunk share one. */
export interface BufferMemory {
  readonly bytes: Uint8Array
  /** Covers exactly `bytes`. */
  readonly view: DataView
}

/** A memory over bytes that already exist; nothing is copied. */
export function memoryOf(bytes: Uint8Array): BufferMemory {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) }
}
