// What Node offers. package.json's "imports" chooses between this file and platform.browser.ts.
import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import { type DatagramTransport } from '../DatagramTransport.ts'
import { tcp } from './tcp.ts'
import { type Transport } from '../Transport.ts'
import { udp } from './udp.ts'
import { ws, wss } from './webSocket.node.ts'

/** The transports of this platform. */
export const platformTransports: readonly (Transport | DatagramTransport)[] = [tcp, ws, wss, udp]

/** The addresses of a host name; empty if it has none, or the name service does not answer. */
export async function lookUpHost(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch {
    return []
  }
}

/** Whether an interface other than loopback has an address. */
export function isNetworkUp(): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ internal }) => !internal),
  )
}
