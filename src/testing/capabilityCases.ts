import { expect, expectSame } from './expect.ts'
import { type StageCase } from './Stage.ts'
import { isDatagrams } from './TransportSubject.ts'

/** Whether the capabilities that a transport declares make sense. */
export const capabilityCases: readonly StageCase[] = [
  {
    name: 'capabilities: complete, and of the kind of transport that it is',
    async play({ subject: { transport } }) {
      const { type, capabilities } = transport
      expect(Number.isInteger(type) && type >= 0 && type <= 255, 'type is a SocketType')
      const { ordered, reliable, boundaries, connections, messageBytesMax, localPort } =
        capabilities
      expectSame([typeof ordered, typeof reliable], ['boolean', 'boolean'], 'ordered and reliable')
      expectSame(connections, !isDatagrams(transport), 'connections')
      expect(boundaries === 'stream' || boundaries === 'message', 'boundaries: stream or message')
      expect(!isDatagrams(transport) || boundaries === 'message', 'datagrams have limits')
      expect(localPort === undefined || typeof localPort === 'boolean', 'localPort is a boolean')
      expect(messageBytesMax >= 512, 'messageBytesMax is 512 or more')
      // What cuts messages anywhere cannot know where one was lost.
      expect(boundaries === 'message' || (ordered && reliable), 'a stream is ordered and reliable')
    },
  },
]
