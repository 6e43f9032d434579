// What Node offers. package.json's "imports" chooses between this file and platform.browser.ts.
import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import { NetworkError } from '../../constants/NetworkError.ts'
import { type DatagramTransport } from '../DatagramTransport.ts'
import { handshakesMax } from './handshakesMax.ts'
import { trueErrorOf } from './lookUpErrors.ts'
import { tcp } from './tcp.ts'
import { type Transport } from '../Transport.ts'
import { udp } from './udp.ts'
import { ws, wss } from './webSocket.node.ts'

export { handshakesMax }

/** The transports of this platform. */
export const platformTransports: readonly (Transport | DatagramTransport)[] = [tcp, ws, wss, udp]

/** The addresses of a host name; or why it has none. */
export async function lookUpHost(host: string): Promise<readonly string[] | NetworkError> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch (error) {
    const { code } = trueErrorOf(error as Error)
    return code === 'EMFILE' ? NetworkError.tooManySockets : NetworkError.hostNotFound
  }
}

/** Whether an interface other than loopback has an address; true where a program cannot look. */
export function isNetworkUp(): boolean {
  let found: ReturnType<typeof networkInterfaces>
  try {
    found = networkInterfaces()
  } catch {
    // Without a free descriptor, or in some sandboxes, a program cannot look.
    return true
  }
  return Object.values(found).some((addresses) => addresses?.some(({ internal }) => !internal))
}
