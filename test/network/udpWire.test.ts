import { query, type World } from 'bitecs'
import {
  broadcast,
  createServer,
  createSocket,
  DisconnectReason,
  Listening,
  NetworkError,
  NetworkSystem,
  sendPacket,
  sendUdp,
  sendUdpRaw,
  Socket,
  SocketRole,
  SocketType,
  destroySocket,
  createBuffer,
  BufferKind,
  writeBuffer,
  BufferType,
  tellBuffer,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { type TestNet } from '../lib/TestNet.ts'
import { type EventCopy, recordEvents } from '../lib/recordEvents.ts'
import { withNet } from '../lib/withNet.ts'
import { RawDatagrams } from '../lib/RawDatagrams.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

// Datagrams by hand, from docs/protocol.md.
const hiPacket = 'dec0adde0c000000020000006869'
const hi = Buffer.from('hi')

interface Host {
  readonly world: World
  readonly socket: number
  readonly port: number
  readonly events: EventCopy[]
}

function bind(net: TestNet, kind: 'server' | 'client', config = {}): Host {
  const world = net.world(config)
  const socket =
    kind === 'server' ? createServer(world, SocketType.udp, 0) : createSocket(world, SocketType.udp)
  return { world, socket, port: Socket(world).localPort[socket]!, events: recordEvents(world) }
}

/** A case with a net and a raw peer. */
function withPeer(run: (net: TestNet, peer: RawDatagrams) => Promise<void>): () => Promise<void> {
  return withNet(async (net) => {
    const peer = await RawDatagrams.bind()
    try {
      await run(net, peer)
    } finally {
      peer.close()
    }
  })
}

async function heard({ world, events }: Host, count: number): Promise<EventCopy[]> {
  await until(() => events.length >= count, [world])
  return events
}

spec('UDP on the wire', (it) => {
  for (const kind of ['server', 'client'] as const) {
    it(
      `W17, M31: sendUdp of a ${kind} socket puts 12 bytes before the payload and returns them too`,
      withPeer(async (net, peer) => {
        const { world, socket, port } = bind(net, kind)
        assert.is(sendUdp(world, socket, '127.0.0.1', peer.port, hi), 14)
        assert.equal(await peer.take(), { hex: hiPacket, ip: '127.0.0.1', port })
        assert.is(sendUdp(world, socket, '127.0.0.1', peer.port, Buffer.alloc(5)), 17)
        assert.is((await peer.take()).hex, 'dec0adde0c000000050000000000000000')
        assert.is(sendUdp(world, socket, '127.0.0.1', peer.port, hi, 0), 12)
        assert.is((await peer.take()).hex, 'dec0adde0c00000000000000')
      }),
    )

    it(
      `W20, M31: sendUdpRaw of a ${kind} socket sends the payload alone`,
      withPeer(async (net, peer) => {
        const { world, socket, port } = bind(net, kind)
        assert.is(sendUdpRaw(world, socket, '127.0.0.1', peer.port, hi), 2)
        assert.equal(await peer.take(), { hex: '6869', ip: '127.0.0.1', port })
        assert.is(sendUdpRaw(world, socket, '127.0.0.1', peer.port, Buffer.alloc(5)), 5)
        assert.is((await peer.take()).hex, '0000000000')
        assert.is(sendUdpRaw(world, socket, '127.0.0.1', peer.port, hi, 0), 0)
        assert.is((await peer.take()).hex, '')
      }),
    )
  }

  it(
    'M35: bytes come from the start of a buffer, whatever its position, and may change at once',
    withPeer(async (net, peer) => {
      const { world, socket } = bind(net, 'client')
      const buffer = createBuffer(4, BufferKind.grow)
      for (const byte of [1, 2, 3, 4, 5]) writeBuffer(buffer, BufferType.u8, byte)
      assert.is(sendUdp(world, socket, '127.0.0.1', peer.port, buffer, 3), 15)
      assert.is(tellBuffer(buffer), 5)
      const bytes = Uint8Array.of(7, 8)
      assert.is(sendUdpRaw(world, socket, '127.0.0.1', peer.port, bytes), 2)
      bytes.fill(0)
      assert.is((await peer.take()).hex, 'dec0adde0c00000003000000010203')
      assert.is((await peer.take()).hex, '0708')
    }),
  )

  it(
    'W18: a header that is right is removed, and a bare payload is delivered as it is',
    withPeer(async (net, peer) => {
      const host = bind(net, 'server')
      for (const hex of [hiPacket, '6869', 'dec0adde0c00000000000000', ''])
        peer.send(hex, host.port)
      const events = await heard(host, 4)
      assert.equal(
        events.map(({ buffer, size }) => [buffer, size]),
        [
          ['6869', 2],
          ['6869', 2],
          ['', 0],
          ['', 0],
        ],
      )
    }),
  )

  it(
    'W19: a datagram with a wrong word in its header is delivered whole',
    withPeer(async (net, peer) => {
      const host = bind(net, 'client')
      const wrong = [
        'dec0adde0c000000030000006869',
        'dec0adde0c000000010000006869',
        'dec0adde0b000000020000006869',
        'dfc0adde0c000000020000006869',
        'dec0adde0c0000000000',
        'dec0adde0c000000ffffffff',
      ]
      for (const hex of wrong) peer.send(hex, host.port)
      const events = await heard(host, wrong.length)
      assert.equal(
        events.map(({ buffer }) => buffer),
        wrong,
      )
    }),
  )

  it(
    "W21: a data event has the socket's id and the sender's address, and answering there works",
    withPeer(async (net, peer) => {
      const server = bind(net, 'server')
      const client = bind(net, 'client')
      peer.send('6869', server.port)
      const [event] = await heard(server, 1)
      assert.equal(event, {
        type: 3,
        id: server.socket,
        ip: '127.0.0.1',
        port: peer.port,
        buffer: '6869',
        size: 2,
        server: server.socket,
      })
      assert.is(sendUdpRaw(server.world, server.socket, event!.ip, event!.port, hi), 2)
      assert.equal(await peer.take(), { hex: '6869', ip: '127.0.0.1', port: server.port })

      peer.send('00', client.port)
      const [answer] = await heard(client, 1)
      assert.equal(answer, {
        type: 3,
        id: client.socket,
        ip: '127.0.0.1',
        port: peer.port,
        buffer: '00',
        size: 1,
      })
    }),
  )

  it(
    'one datagram is one event, in order of arrival, and never a connect event',
    withPeer(async (net, peer) => {
      const host = bind(net, 'server')
      const sent = Array.from({ length: 40 }, (_, index) => index.toString(16).padStart(4, '0'))
      for (const hex of sent) peer.send(hex, host.port)
      const events = await heard(host, sent.length)
      assert.equal(
        events.map(({ type, buffer }) => [type, buffer]),
        sent.map((hex) => [3, hex]),
      )
      assert.is(Socket(host.world).packetsIn[host.socket], 40)
      assert.is(Socket(host.world).bytesIn[host.socket], 80)
    }),
  )
})

netSpec('UDP sockets', (it) => {
  it('are entities with Listening and the bound port', async (net) => {
    const { world, socket, port } = bind(net, 'server')
    const client = createSocket(world, SocketType.udp)
    assert.equal([...query(world, [Socket, Listening])], [socket, client])
    assert.is(Socket(world).type[socket], SocketType.udp)
    assert.is(Socket(world).role[socket], SocketRole.server)
    assert.is(Socket(world).role[client], SocketRole.client)
    assert.is(Socket(world).port[socket], port)
    assert.ok(port > 0)
    assert.is.not(Socket(world).localPort[client], port)
    assert.is(Socket(world).disconnectReason[socket], DisconnectReason.none)
  })

  it('answer at once when the port is taken, so that a loop finds a free one', async (net) => {
    const { world, port } = bind(net, 'server')
    assert.is(createServer(world, SocketType.udp, port), NetworkError.portUnavailable)
    assert.is(createSocket(world, SocketType.udp, port), NetworkError.portUnavailable)
    let free = port
    let server: number = NetworkError.portUnavailable
    while (server < 0 && free < 65_535) server = createServer(world, SocketType.udp, ++free)
    assert.is(Socket(world).port[server], free)
    destroySocket(world, server)
    assert.ok(createSocket(world, SocketType.udp, free) >= 0)
  })

  it(
    'send by name when the name has been looked up',
    withPeer(async (net, peer) => {
      const { world, socket } = bind(net, 'client')
      assert.is(sendUdp(world, socket, 'localhost', peer.port, hi), 14)
      assert.is(sendUdp(world, socket, 'localhost', peer.port, hi), 14)
      assert.is((await peer.take([world])).hex, hiPacket)
      assert.is((await peer.take([world])).hex, hiPacket)
      assert.is(sendUdp(world, socket, 'no.such.host.invalid', peer.port, hi), 14)
      await until(() => Socket(world).undelivered[socket] === 1, [world])
    }),
  )

  it(
    'return a negative code for what cannot be sent, and throw for what makes no sense',
    withPeer(async (net, peer) => {
      const { world, socket } = bind(net, 'client')
      const tcp = createSocket(world, SocketType.tcp)
      const send = (size: number, raw = false): number =>
        (raw ? sendUdpRaw : sendUdp)(world, socket, '127.0.0.1', peer.port, Buffer.alloc(size))
      assert.is(send(65_495), 65_507)
      assert.is((await peer.take()).hex.length, 2 * 65_507)
      assert.is(send(65_496), NetworkError.tooLarge)
      assert.is(send(65_507, true), 65_507)
      assert.is(send(65_508, true), NetworkError.tooLarge)
      assert.is(sendUdp(world, socket, '127.0.0.1', peer.port, hi, 3), NetworkError.tooLarge)
      assert.is(sendUdp(world, tcp, '127.0.0.1', peer.port, hi), NetworkError.wrongRole)
      assert.is(sendPacket(world, socket, hi), NetworkError.notConnected)
      assert.is(broadcast(world, tcp, peer.port, hi), NetworkError.wrongRole)
      destroySocket(world, socket)
      assert.is(send(1), NetworkError.unknownSocket)
      assert.throws(() => sendUdp(world, socket, '', 1, hi), /host must be a name or an address/)
      assert.throws(
        () => sendUdp(world, socket, 'x', 0, hi),
        /port must be an integer in 1\.\.65535/,
      )
      assert.throws(() => sendUdp(world, socket, 'x', 1, 5 as never), /buffer must be a buffer/)
      assert.throws(() => broadcast(world, socket, 65_536, hi), /broadcast: port must be/)
    }),
  )

  it(
    'send to a port that nobody has, and go on',
    withPeer(async (net, peer) => {
      const { world, socket } = bind(net, 'client')
      const gone = await RawDatagrams.bind()
      const { port } = gone
      gone.close()
      for (let count = 0; count < 3; count++)
        assert.is(sendUdp(world, socket, '127.0.0.1', port, hi), 14)
      assert.is(sendUdp(world, socket, '127.0.0.1', peer.port, hi), 14)
      assert.is((await peer.take([world])).hex, hiPacket)
    }),
  )

  it('talk over IPv6 and over IPv4 through one socket', async (net) => {
    const host = bind(net, 'server')
    const { world, socket, port } = bind(net, 'client')
    assert.is(sendUdp(world, socket, '::1', host.port, hi), 14)
    assert.is(sendUdp(world, socket, '127.0.0.1', host.port, hi), 14)
    const events = await heard(host, 2)
    assert.equal(
      events.map((event) => [event.ip, event.port]),
      [
        ['::1', port],
        ['127.0.0.1', port],
      ],
    )
  })

  it(
    'deliver nothing more once they are destroyed',
    withPeer(async (net, peer) => {
      const host = bind(net, 'server')
      const other = bind(net, 'server')
      peer.send('6869', host.port)
      peer.send('6869', other.port)
      await heard(other, 1)
      destroySocket(host.world, host.socket)
      NetworkSystem(host.world)
      assert.equal(host.events, [])
      assert.is(query(host.world, [Socket]).length, 0)
    }),
  )
})
