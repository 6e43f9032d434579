/** Bytes of an address that Linux shows as one number, in the order of the machine. */
const wordBytes = 4

/**
 * An address and port as Linux shows them in /proc/net/tcp and tcp6: words of four bytes in hex, little-endian as on every
 * machine that Node has builds for but s390x. Empty without one, as of a network socket whose end is not emitted yet.
 */
export function systemAddress(ip: string | undefined, port: number = 0): string {
  if (ip === undefined) return ''
  const bytes = bytesOf(ip)
  let text = ''
  for (let start = 0; start < bytes.length; start += wordBytes)
    for (let at = start + wordBytes - 1; at >= start; at--) text += hex(bytes[at]!, 2)
  return `${text}:${hex(port, 4)}`
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0')
}

/** The bytes of a numeric address, without its zone. */
function bytesOf(ip: string): number[] {
  const [address = ''] = ip.split('%')
  if (!address.includes(':')) return address.split('.').map(Number)
  const [head = [], tail] = address.split('::').map(groupsOf)
  if (tail === undefined) return head
  return [...head, ...Array.from({ length: 16 - head.length - tail.length }, () => 0), ...tail]
}

/** The bytes of groups of hex digits between colons, of which the last may be an IPv4 address. */
function groupsOf(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number)
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}
