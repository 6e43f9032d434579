import { createMemoryTransport } from 'bitecs-networking'
import { MemoryListener, MemoryPeer } from './MemoryPeer.ts'
import { type StreamPeer } from './RawPeer.ts'
import { type TestNet } from './TestNet.ts'
import { withNet } from './withNet.ts'

/** A net, and the raw peers of its transport. */
export interface Wire {
  readonly net: TestNet
  /** A peer, connected. */
  readonly connect: (port: number) => Promise<StreamPeer>
  readonly listen: () => Promise<{ readonly port: number; accept(): Promise<StreamPeer> }>
}

/** A transport of streams. */
export interface Medium {
  readonly name: string
  readonly withWire: (run: (wire: Wire) => Promise<void>) => () => Promise<void>
}

export const media: readonly Medium[] = [
  {
    name: 'TCP',
    withWire: (run) =>
      withNet((net) => run({ net, connect: (port) => net.peer(port), listen: () => net.listen() })),
  },
  {
    name: 'memory',
    withWire(run) {
      const transport = createMemoryTransport()
      return withNet(
        (net) =>
          run({
            net,
            connect: async (port) => net.keep(MemoryPeer.connect(transport, port)),
            listen: async () => net.keep(new MemoryListener(transport)),
          }),
        { transport, address: 'memory' },
      )
    },
  },
]
