import {
  connectSocket,
  createMemoryTransport,
  createServer,
  createSocket,
  destroySocket,
  NetworkError,
  Socket,
  SocketType,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { ws as pageWs } from '../../src/transport/browser/webSocket.browser.ts'
import { authority, localCertificate } from '../lib/certificates.ts'
import { freePort } from '../lib/freePort.ts'
import { netSpec } from '../lib/netSpec.ts'
import { recordEvents } from '../lib/recordEvents.ts'
import { portOf } from '../lib/sockets.ts'
import { type TestNet } from '../lib/TestNet.ts'
import { until } from '../lib/until.ts'

const { tcp, ws, wss } = SocketType

const kinds = [
  { name: 'tcp', type: tcp, server: {}, connect: {} },
  { name: 'ws', type: ws, server: {}, connect: {} },
  { name: 'wss', type: wss, server: { certificate: localCertificate }, connect: { ca: authority } },
] as const

type Kind = (typeof kinds)[number]

function listen(net: TestNet, { type, server: options }: Kind) {
  const world = net.world()
  const server = createServer(world, type, 0, options)
  return { world, server, port: portOf(world, server), events: recordEvents(world) }
}

netSpec('a client socket that chooses its own port', (it) => {
  for (const kind of kinds) {
    const { name, type } = kind

    it(`${name}: connects from it, to an address and to a name, again and again`, async (net) => {
      const world = net.world()
      const own = await freePort()
      const socket = createSocket(world, type, own)
      assert.is(Socket(world).localPort[socket], own)
      for (const host of ['127.0.0.1', 'localhost', '127.0.0.1']) {
        // A former connection to the same server could still be there.
        const { world: other, server, port, events } = listen(net, kind)
        assert.is(await connectSocket(world, socket, host, port, kind.connect), socket)
        assert.is(Socket(world).localPort[socket], own)
        await until(() => events.length === 1, [other])
        assert.is(events[0]!.port, own)
        assert.is(Socket(other).port[events[0]!.socket!], own)
        destroySocket(other, server)
        await until(() => Socket(world).disconnectReason[socket] !== 0, [world])
      }
    })

    it(`${name}: cannot connect from a port that is taken, and says so`, async (net) => {
      const { port } = listen(net, kind)
      const world = net.world()
      const events = recordEvents(world)
      const socket = createSocket(world, type, port)
      const options = { ...kind.connect, async: true }
      const result = await connectSocket(world, socket, '127.0.0.1', port, options)
      assert.is(result, NetworkError.portUnavailable)
      assert.is(Socket(world).connectError[socket], NetworkError.portUnavailable)
      await until(() => events.length === 1, [world])
      assert.is(events[0]!.succeeded, 0)
      assert.is(net.warnings.length, 1)
      assert.match(net.warnings[0]!, new RegExp(`port ${port} of this side cannot be bound`))
    })

    it(`${name}: cannot connect a second time at once from the port of a connection`, async (net) => {
      const { port } = listen(net, kind)
      const world = net.world()
      const first = createSocket(world, type)
      assert.is(await connectSocket(world, first, '127.0.0.1', port, kind.connect), first)
      const second = createSocket(world, type, Socket(world).localPort[first])
      const result = await connectSocket(world, second, '127.0.0.1', port, kind.connect)
      assert.is(result, NetworkError.portUnavailable)
    })
  }

  it('is refused, with a warning, where the transport cannot choose', async (net) => {
    for (const transport of [createMemoryTransport(), pageWs]) {
      const world = net.world()
      assert.is(createSocket(world, transport, 4_000), NetworkError.unsupported)
      await until(() => net.warnings.length > 0)
      assert.match(net.warnings.pop()!, /createSocket: .*cannot choose its own port/)
      assert.ok(createSocket(world, transport, 0) >= 0)
    }
  })
})
