/** `::ffff:192.0.2.1` as `192.0.2.1`: how a dual-stack socket shows an IPv4 peer (RFC 4291 section 2.5.5.2). */
export function stripMappedPrefix(ip: string): string {
  return ip.startsWith('::ffff:') && ip.includes('.') ? ip.slice(7) : ip
}
