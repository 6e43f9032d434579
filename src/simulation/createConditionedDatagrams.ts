import { type DatagramTransport } from '../transport/DatagramTransport.ts'
import { type BadLine } from './BadLine.ts'
import { ConditionedEndpoint } from './ConditionedEndpoint.ts'

/** A transport of datagrams, each endpoint as if behind a bad line. */
export function createConditionedDatagrams(
  transport: DatagramTransport,
  line: BadLine,
): DatagramTransport {
  const { type, capabilities } = transport
  return {
    type,
    // Its line can become bad at any time.
    capabilities: { ...capabilities, ordered: false, reliable: false },

    bind(options, events) {
      const endpoint = new ConditionedEndpoint(line, capabilities.messageBytesMax, events)
      const real = transport.bind(options, endpoint)
      if (typeof real === 'number') return real
      endpoint.bound(real)
      return endpoint
    },
  }
}
