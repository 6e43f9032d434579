// What a browser offers. package.json's "imports" chooses between this file and platform.node.ts.
import { type Transport } from './Transport.ts'

/** The transports of this platform. */
export const platformTransports: readonly Transport[] = []

/** A page cannot ask the name service. */
export async function lookUpHost(_host: string): Promise<string | undefined> {
  return undefined
}
