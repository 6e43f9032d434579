// Browsers have no UDP: its code stays out of their build. package.json's "imports" chooses between this file and
// createDatagramSocket.node.ts.
import { NetworkError } from '../constants/NetworkError.ts'

/** A page cannot bind a port. */
export function createDatagramSocket(): NetworkError {
  return NetworkError.unsupported
}
