// Browsers have no UDP: its code stays out of their build. package.json's "imports" chooses between this file and
// createDatagramSocket.node.ts.
import type { EntityId } from 'bitecs'
import { NetworkError } from '../constants/NetworkError.ts'
import { type BindDatagrams, type Network } from '../network/Network.ts'

/** A page cannot bind a port, but those of a network in memory, which brings the code. */
export function createDatagramSocket(
  network: Network,
  ...args: BindArguments
): EntityId | NetworkError {
  return network.bindDatagrams?.(network, ...args) ?? NetworkError.unsupported
}

type BindArguments = Parameters<BindDatagrams> extends [Network, ...infer Rest] ? Rest : never
