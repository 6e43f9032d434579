// What people type is shown to others, so it is made harmless and short.

/**
 * A text on one line without control, formatting and unassigned characters, at most `lengthMax` characters long. May be
 * empty.
 */
export function cleanText(text: string, lengthMax: number): string {
  const line = text.replace(/\s+/gu, ' ').replace(/\p{C}/gu, '').trim()
  return Array.from(line).slice(0, lengthMax).join('').trim()
}
