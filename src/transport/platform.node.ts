// What Node offers. package.json's "imports" chooses between this file and platform.browser.ts.
import { lookup } from 'node:dns/promises'
import { tcp } from './tcp.ts'
import { type Transport } from './Transport.ts'

/** The transports of this platform. */
export const platformTransports: readonly Transport[] = [tcp]

/** The first address of a host name, or `undefined`. */
export async function lookUpHost(host: string): Promise<string | undefined> {
  try {
    return (await lookup(host)).address
  } catch {
    return undefined
  }
}
