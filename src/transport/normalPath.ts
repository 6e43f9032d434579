/**
 * A path with its escapes as all clients could write them: hex digits in upper case, and none for what needs none (RFC 3986
 * section 6.2.2). Paths that mean the same are the same then.
 */
export function normalPath(path: string): string {
  return path.replaceAll(/%[0-9a-f]{2}/gi, (escape) => {
    const text = String.fromCharCode(Number.parseInt(escape.slice(1), 16))
    return /[\w.~-]/.test(text) ? text : escape.toUpperCase()
  })
}
