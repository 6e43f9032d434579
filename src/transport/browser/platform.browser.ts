// What a browser offers. package.json's "imports" chooses between this file and platform.node.ts.
import { NetworkError } from '../../constants/NetworkError.ts'
import { type DatagramTransport } from '../DatagramTransport.ts'
import { type Transport } from '../Transport.ts'
import { ws, wss } from './webSocket.browser.ts'

/** The transports of this platform. */
export const platformTransports: readonly (Transport | DatagramTransport)[] = [ws, wss]

/** A page has no servers but those in memory. */
export function handshakesMax(): number {
  return 4_096
}

/** A page cannot ask the name service. */
export async function lookUpHost(_host: string): Promise<readonly string[] | NetworkError> {
  return NetworkError.hostNotFound
}

/** What the browser says; where there is none of its kind, there is a network. */
export function isNetworkUp(): boolean {
  const { onLine } = (globalThis as { navigator?: { onLine?: boolean } }).navigator ?? {}
  return onLine ?? true
}
