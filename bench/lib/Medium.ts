import type { World } from 'bitecs'
import { createMemoryTransport, type TransportChoice } from 'bitecs-networking'

/** What carries between worlds of this process. */
export interface Medium {
  /** What `createServer` and `createSocket` take for connections. */
  readonly stream: TransportChoice
  /** What they take for datagrams. */
  readonly datagrams: TransportChoice
  readonly host: string
  /** Lets a world use it. */
  join(world: World): void
}

/** A memory transport of its own. It has no datagrams. */
export function createMemoryMedium(): Medium {
  const transport = createMemoryTransport()
  return { stream: transport, datagrams: transport, host: 'memory', join() {} }
}
