/** The CRC-32 of zip, gzip and PNG (RFC 1952 section 8), eight bits at a time. */
const table: Uint32Array = /* @__PURE__ */ createTable()

/**
 * Continues a checksum over `bytes[from..]`.
 *
 * @param before the checksum of what comes first, 0 for nothing
 */
export function crc32(before: number, bytes: Uint8Array, from: number): number {
  let crc = ~before
  for (let at = from; at < bytes.length; at++) crc = table[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8)
  return ~crc >>> 0
}

function createTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320
    return crc
  })
}
