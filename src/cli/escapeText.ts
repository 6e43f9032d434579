/** Control and format characters, and line separators: whatever may command a terminal or turn its text around. */
const commanding = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Makes text harmless: control and format characters become `\uXXXX`. */
export function escapeText(text: string): string {
  return text.replaceAll(commanding, (character) =>
    // A character may be two code units.
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}

/** JSON without any character that could command a terminal. */
export function toJson(value: unknown): string {
  return escapeText(JSON.stringify(value))
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of bytes, or `undefined` for what is no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}
