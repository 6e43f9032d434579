const rowBytes = 16

/** Bytes as people read them: offset, hex and ASCII, 16 bytes a row. Empty for no bytes. */
export function hexDump(bytes: Uint8Array): string {
  const rows: string[] = []
  for (let at = 0; at < bytes.length; at += rowBytes) {
    const row = Array.from(bytes.subarray(at, at + rowBytes))
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0'))
    const ascii = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'))
    const offset = at.toString(16).padStart(8, '0')
    rows.push(
      `  ${offset}  ${hex.slice(0, 8).join(' ').padEnd(23)}  ${hex.slice(8).join(' ').padEnd(23)}  |${ascii.join('')}|`,
    )
  }
  return rows.join('\n')
}
