import { createMemoryTransport, type TransportChoice } from 'bitecs-networking'
import { type NetOptions, TestNet } from './TestNet.ts'

/** A case with a net of its own that is closed in the end, whatever happens. */
export function withNet(
  run: (net: TestNet) => Promise<void> | void,
  options: NetOptions = {},
): () => Promise<void> {
  return async () => {
    const net = new TestNet(options)
    try {
      await run(net)
    } finally {
      net.close()
    }
  }
}

/** The same by memory and in virtual time. */
export function withMemory(
  run: (net: TestNet) => Promise<void> | void,
  transport: TransportChoice = createMemoryTransport(),
): () => Promise<void> {
  return withNet(run, memoryOptions(transport))
}

/** A net by memory and in virtual time, for who closes it by hand. */
export function createMemoryNet(): TestNet {
  return new TestNet(memoryOptions(createMemoryTransport()))
}

function memoryOptions(transport: TransportChoice): NetOptions {
  return { transport, address: 'memory', isVirtual: true }
}
