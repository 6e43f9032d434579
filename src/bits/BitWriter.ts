// Bits fill each byte from its lowest bit; integers of whole bytes come out little-endian.

/** Bytes that are written bit by bit. It grows up to a limit, behind which it fails. */
export interface BitWriter {
  bytes: Uint8Array
  /** Whole bytes written. */
  at: number
  /** The bits of the byte that is not whole yet, and how many: 0 to 7. */
  held: number
  heldBits: number
  /** More bytes than this are not written. */
  readonly bytesMax: number
  /** Whether something did not fit. */
  failed: boolean
}

/** A place to go back to. */
export interface BitMark {
  at: number
  held: number
  heldBits: number
}

export function createBitWriter(bytesMax: number): BitWriter {
  const bytes = new Uint8Array(Math.min(bytesMax, 256))
  return { bytes, at: 0, held: 0, heldBits: 0, bytesMax, failed: false }
}

/** Begins again with no bytes, in the same memory. */
export function clearBits(writer: BitWriter): void {
  writer.at = 0
  writer.held = 0
  writer.heldBits = 0
  writer.failed = false
}

/** Writes the lowest `count` bits of a value, 0 to 32. */
export function writeBits(writer: BitWriter, value: number, count: number): void {
  if (count > 24) {
    writeFew(writer, value & 0xffff, 16)
    writeFew(writer, value >>> 16, count - 16)
  } else writeFew(writer, value, count)
}

/** Writes up to 24 bits. */
function writeFew(writer: BitWriter, value: number, count: number): void {
  let held = writer.held | ((value & ((1 << count) - 1)) << writer.heldBits)
  let heldBits = writer.heldBits + count
  if (heldBits >= 8) {
    let at = writer.at
    if (at + 4 > writer.bytes.length && !makeRoom(writer, 4)) return
    const { bytes } = writer
    do {
      bytes[at++] = held
      held >>>= 8
      heldBits -= 8
    } while (heldBits >= 8)
    writer.at = at
  }
  writer.held = held
  writer.heldBits = heldBits
}

/** Writes bytes, not aligned. */
export function writeBytes(writer: BitWriter, bytes: Uint8Array): void {
  for (const byte of bytes) writeFew(writer, byte, 8)
}

/** Fills the last byte with zeros. Returns the size in bytes. */
export function alignBits(writer: BitWriter): number {
  if (writer.heldBits > 0) writeFew(writer, 0, 8 - writer.heldBits)
  return writer.at
}

/** Bits written. */
export function bitsWritten({ at, heldBits }: BitWriter): number {
  return at * 8 + heldBits
}

export function markBits(writer: BitWriter, mark: BitMark): void {
  mark.at = writer.at
  mark.held = writer.held
  mark.heldBits = writer.heldBits
}

/** Takes back what was written since the mark. */
export function rewindBits(writer: BitWriter, mark: BitMark): void {
  writer.at = mark.at
  writer.held = mark.held
  writer.heldBits = mark.heldBits
  writer.failed = false
}

/** Whether there is room for more bytes, after growing. */
function makeRoom(writer: BitWriter, more: number): boolean {
  const { at, bytes, bytesMax } = writer
  if (at + more > bytesMax + 4) {
    writer.failed = true
    return false
  }
  const grown = new Uint8Array(Math.min(bytesMax + 4, Math.max(at + more, bytes.length * 2)))
  grown.set(bytes)
  writer.bytes = grown
  return true
}
