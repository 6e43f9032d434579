// What a host means without a name service.

import { NetworkError } from '../constants/NetworkError.ts'
import { type MemoryNode, type Reach } from './MemoryNode.ts'

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i
/** Who listens on it listens on all addresses, and who connects to it means its own machine. */
const unspecified = /^(?:0\.0\.0\.0|::)$/

/** Whether a host to connect to means one's own machine. */
export function isOwnMachine(host: string): boolean {
  return loopback.test(host) || unspecified.test(host)
}

/** Whether a host is a numeric address. */
export function isAddress(host: string): boolean {
  return host.includes(':') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host)
}

/** Who reaches a port of `host`; or why a node cannot have it. */
export function chooseReach(node: MemoryNode, host: string | undefined): Reach | NetworkError {
  if (node.isGone) return NetworkError.unreachable
  if (host === undefined || unspecified.test(host)) return 'all'
  if (loopback.test(host)) return 'own'
  return node.network.machineOf(node, host) === node.machine ? 'all' : NetworkError.unreachable
}
