// How addresses are written, and where a broadcast goes on a machine with these networks.

import { type Socket } from 'node:net'
import { type NetworkInterfaceInfo } from 'node:os'

/** `::ffff:192.0.2.1` as `192.0.2.1`: how a dual-stack socket shows an IPv4 peer (RFC 4291 section 2.5.5.2). */
export function stripMappedPrefix(ip: string): string {
  return ip.startsWith('::ffff:') && ip.includes('.') ? ip.slice(7) : ip
}

/** Shows the peer of a network socket in the connection over it. */
export function takeAddress(
  connection: { remoteIp: string; remotePort: number },
  { remoteAddress = '', remotePort = 0 }: Socket,
): void {
  connection.remoteIp = stripMappedPrefix(remoteAddress)
  connection.remotePort = remotePort
}

/** What `os.networkInterfaces()` gives. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>

/**
 * The directed broadcast address of each IPv4 network, each once. Loopback counts only when there is no other network,
 * so that programs of one machine find each other without one. A network of one or two addresses has no broadcast
 * address (RFC 3021).
 *
 * @param own only the networks where this machine has this address; all without it
 */
export function broadcastAddresses(interfaces: Interfaces, own?: string): string[] {
  const networks = Object.values(interfaces)
    .flatMap((entries) => entries ?? [])
    .filter(({ family, address }) => family === 'IPv4' && (own === undefined || own === address))
    .filter(({ netmask }) => !/25[45]$/.test(netmask))
  const outer = networks.filter(({ internal }) => !internal)
  const chosen = outer.length > 0 ? outer : networks
  return [...new Set(chosen.map(broadcastAddress))]
}

function broadcastAddress({ address, netmask }: NetworkInterfaceInfo): string {
  const mask = netmask.split('.')
  return address
    .split('.')
    .map((byte, at) => Number(byte) | (255 - Number(mask[at])))
    .join('.')
}

/**
 * The zone of each network interface that has a link-local IPv6 address and is not loopback, as it stands behind the
 * `%` of an address.
 *
 * @param own only the interfaces that have this address; all without it
 */
export function linkLocalZones(interfaces: Interfaces, own?: string): string[] {
  const zones: string[] = []
  for (const [name, entries = []] of Object.entries(interfaces)) {
    if (own !== undefined && !entries.some(({ address }) => address === own)) continue
    const entry = entries.find(
      ({ family, internal, address }) =>
        family === 'IPv6' && !internal && address.startsWith('fe80:'),
    )
    // Windows numbers its zones.
    if (entry?.family === 'IPv6')
      zones.push(process.platform === 'win32' ? String(entry.scopeid) : name)
  }
  return zones
}
