/** Reads bytes bit by bit. What is read behind the end is 0, and the reader has failed. */
export interface BitReader {
  bytes: Uint8Array
  /** The byte that is read next. */
  at: number
  /** Bits that are taken out of bytes and not read yet: 0 to 7 of them. */
  held: number
  heldBits: number
  /** Whether it was asked for more than there is, or for something that was not well-formed. */
  failed: boolean
}

export function createBitReader(): BitReader {
  return { bytes: new Uint8Array(0), at: 0, held: 0, heldBits: 0, failed: false }
}

/** Begins to read bytes at a place. */
export function startBits(reader: BitReader, bytes: Uint8Array, at: number): void {
  reader.bytes = bytes
  reader.at = at
  reader.held = 0
  reader.heldBits = 0
  reader.failed = at > bytes.length
}

/** Reads up to 32 bits, as an unsigned number. */
export function readBits(reader: BitReader, count: number): number {
  if (count <= 24) return readFew(reader, count)
  const low = readFew(reader, 16)
  return (low | (readFew(reader, count - 16) << 16)) >>> 0
}

function readFew(reader: BitReader, count: number): number {
  let { held, heldBits } = reader
  if (heldBits < count) {
    const { bytes } = reader
    let at = reader.at
    do {
      if (at >= bytes.length) {
        reader.failed = true
        return 0
      }
      held |= bytes[at++]! << heldBits
      heldBits += 8
    } while (heldBits < count)
    reader.at = at
  }
  reader.held = held >>> count
  reader.heldBits = heldBits - count
  return held & ((1 << count) - 1)
}

/** Whether all was read: nothing is left but zeros of the last byte. */
export function isAtEnd({ bytes, at, held, failed }: BitReader): boolean {
  return !failed && at === bytes.length && held === 0
}
