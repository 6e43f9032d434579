// What a browser offers. package.json's "imports" chooses between this file and platform.node.ts.
import { type DatagramTransport } from '../DatagramTransport.ts'
import { type Transport } from '../Transport.ts'
import { ws, wss } from './webSocket.browser.ts'

/** The transports of this platform that have connections. */
export const platformTransports: readonly Transport[] = [ws, wss]

/** The transports of this platform that have none. */
export const platformDatagrams: readonly DatagramTransport[] = []

/** A page cannot ask the name service. */
export async function lookUpHost(_host: string): Promise<string | undefined> {
  return undefined
}

/** What the browser says; where there is none of its kind, there is a network. */
export function isNetworkUp(): boolean {
  const { onLine } = (globalThis as { navigator?: { onLine?: boolean } }).navigator ?? {}
  return onLine ?? true
}
