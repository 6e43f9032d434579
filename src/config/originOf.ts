/** Schemes of addresses that browsers treat alike: their hosts have no upper case, and a default port is left out. */
const isWebScheme = /^https?:$/

/** Schemes that a page cannot come from, or whose pages send `null` or the origin of the page that made them. */
const isNoOrigin = /^(?:wss?|ftp|about|blob|data|filesystem|javascript):$/

/**
 * Writes an origin as browsers send it (RFC 6454 section 6.2): the scheme, the host in lower case, and the port unless it is
 * the scheme's own. `null` stands for a page without an origin, such as a local file.
 *
 * @returns `undefined` for a text that no browser sends: without a scheme, with a path, a user or a wildcard
 */
export function originOf(text: string): string | undefined {
  if (text === 'null') return text
  if (!/^[a-z][a-z\d+.-]*:\/\/[^\s*]*$/i.test(text) || !URL.canParse(text)) return undefined
  const { protocol, host, pathname, search, hash, username, password } = new URL(text)
  const rest = (pathname === '/' ? '' : pathname) + search + hash + username + password
  // %2A is a * too.
  const isPattern = host.includes('*')
  if (rest !== '' || isPattern || /[?#@]/.test(text) || isNoOrigin.test(protocol)) return undefined
  // Local files have no host, whatever their address says.
  if (protocol === 'file:') return host === '' ? 'file://' : undefined
  return isWebScheme.test(protocol) || host !== '' ? `${protocol}//${host}` : undefined
}
