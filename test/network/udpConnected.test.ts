import {
  connectSocket,
  createMemoryDatagrams,
  createServer,
  createSocket,
  type DatagramTransport,
  destroySocket,
  MessageType,
  NetworkError,
  NetworkType,
  sendPacket,
  sendRaw,
  sendUdp,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { observeTraffic } from 'bitecs-networking/traffic'
import { resetWorld } from 'bitecs'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { messagesOf, recordEvents } from '../lib/recordEvents.ts'
import { statesOf } from '../lib/sockets.ts'
import { type TestNet } from '../lib/TestNet.ts'
import { turns, until } from '../lib/until.ts'
import { withNames } from '../lib/withNames.ts'

const { udp } = SocketType
const local = '127.0.0.1'
const hi = Buffer.from('hi')
const hiPacket = 'dec0adde0c000000020000006869'

function bind(net: TestNet) {
  const world = net.world()
  const socket = createSocket(world, udp)
  return { world, socket, port: Socket(world).localPort[socket]!, events: recordEvents(world) }
}

/** A name service that answers when it is told to. */
function heldNames(): {
  asked: string[]
  answer: (addresses: readonly string[]) => void
  ask: (host: string) => Promise<readonly string[]>
} {
  const waiting: ((addresses: readonly string[]) => void)[] = []
  const asked: string[] = []
  return {
    asked,
    answer: (addresses) => waiting.shift()!(addresses),
    ask(host) {
      asked.push(host)
      return new Promise((resolve) => waiting.push(resolve))
    },
  }
}

netSpec('a connected UDP socket', (it) => {
  it('sends packets and raw bytes to its peer, at once', async (net) => {
    const peer = await net.datagrams()
    const { world, socket, port } = bind(net)
    const result = connectSocket(world, socket, local, peer.port)
    assert.is(sendPacket(world, socket, hi), 14)
    assert.is(sendRaw(world, socket, hi), 2)
    assert.is(sendRaw(world, socket, 'text', { type: MessageType.text }), 4)
    assert.is(sendRaw(world, socket, new Uint8Array(0)), 0)
    assert.equal(await peer.take(), { hex: hiPacket, ip: local, port })
    for (const hex of ['6869', '74657874', '']) assert.is((await peer.take()).hex, hex)
    assert.is(await result, socket)
    assert.is(sendPacket(world, socket, Buffer.alloc(65_496)), NetworkError.tooLarge)
    const { packetsOut, bytesOut } = Socket(world)
    assert.equal([packetsOut[socket], bytesOut[socket]], [4, 20])
  })

  it('shows its peer and its state', async (net) => {
    const peer = await net.datagrams()
    const { world, socket, port } = bind(net)
    const shown = (): unknown[] => {
      const { ip, port: peerPort, localPort } = Socket(world)
      return [ip[socket], peerPort[socket], localPort[socket], ...statesOf(world, socket)]
    }
    assert.equal(shown(), ['', port, port, 'Listening'])
    const result = connectSocket(world, socket, 'localhost', peer.port)
    assert.equal(statesOf(world, socket), ['Listening', 'Connecting'])
    assert.is(await result, socket)
    assert.equal(shown(), [local, peer.port, port, 'Listening', 'Connected'])
    const failed = await connectSocket(world, socket, 'no.such.host.invalid', 9)
    assert.is(failed, NetworkError.hostNotFound)
    assert.equal(shown(), ['', 0, port, 'Listening', 'Disconnected'])
    assert.is(Socket(world).connectError[socket], NetworkError.hostNotFound)
    assert.is(await connectSocket(world, socket, '0.0.0.0', peer.port), socket)
    assert.equal(shown(), [local, peer.port, port, 'Listening', 'Connected'])
  })

  it('is one of several targets', async (net) => {
    const peer = await net.datagrams()
    const { world, socket } = bind(net)
    await connectSocket(world, socket, local, peer.port)
    const server = net.server()
    const tcp = createSocket(world, SocketType.tcp)
    assert.is(await connectSocket(world, tcp, local, server.port), tcp)
    const lone = createSocket(world, udp)
    assert.is(sendPacket(world, [socket, tcp, lone], hi), 2)
    assert.is((await peer.take()).hex, hiPacket)
    await until(() => messagesOf(server.events).length === 1, [server.world, world])
    assert.is(sendRaw(world, [socket, socket], hi), 2)
    for (let count = 0; count < 2; count++) assert.is((await peer.take()).hex, '6869')
  })

  it('uses the reliable layer for packets only', async (net) => {
    const peer = await net.datagrams()
    const { world, socket } = bind(net)
    const host = bind(net)
    setNetworkConfig(world, socket, { reliable: 'ordered' })
    setNetworkConfig(host.world, host.socket, { reliable: 'ordered' })
    await connectSocket(world, socket, local, peer.port)
    assert.is(sendRaw(world, socket, hi), 2)
    assert.is((await peer.take()).hex, '6869')
    assert.is(sendPacket(world, socket, hi), 14)
    assert.match((await peer.take()).hex, /^(?!dec0adde).{24}6869$/)
    await connectSocket(world, socket, local, host.port)
    const large = Buffer.alloc(100_000, 7)
    assert.is(sendPacket(world, socket, large), 100_012)
    await until(() => host.events.length === 1, [host.world, world])
    assert.equal(messagesOf(host.events), [large.toString('hex')])
  })

  for (const [host, succeeded] of [
    [local, 1],
    ['no.such.host.invalid', 0],
  ] as const)
    it(`emits the event of connecting in the next tick: ${succeeded}`, async (net) => {
      const { world, socket, events } = bind(net)
      const result = connectSocket(world, socket, host, 9, { async: true })
      assert.is(await result, succeeded === 1 ? socket : NetworkError.hostNotFound)
      assert.equal(events, [])
      await until(() => events.length > 0, [world])
      const type = NetworkType.nonBlockingConnect
      assert.equal(events, [{ type, id: socket, ip: host, port: 9, socket, succeeded }])
    })

  it('emits no event unless it is asked for', async (net) => {
    const { world, socket, events } = bind(net)
    await connectSocket(world, socket, local, 9)
    await turns(5)
    await until(() => true, [world])
    assert.equal(events, [])
  })

  it('receives from everybody, with the sender in the event', async (net) => {
    const [peer, stranger] = [await net.datagrams(), await net.datagrams()]
    const { world, socket, port, events } = bind(net)
    await connectSocket(world, socket, local, peer.port)
    stranger.send('01', port)
    await until(() => events.length === 1, [world])
    peer.send('02', port)
    await until(() => events.length === 2, [world])
    assert.equal(
      events.map((event) => [event.ip, event.port, event.buffer, event.server]),
      [
        [local, stranger.port, '01', undefined],
        [local, peer.port, '02', undefined],
      ],
    )
  })

  it('shows observers of traffic what it sends', async (net) => {
    const { world, socket } = bind(net)
    const seen: unknown[] = []
    observeTraffic(world, {
      sent: (all) => all.forEach(({ ip, port, form }) => seen.push([ip, port, form])),
    })
    await connectSocket(world, socket, local, 9)
    sendPacket(world, socket, hi)
    sendRaw(world, socket, hi)
    await until(() => seen.length > 0, [world])
    assert.equal(seen, [
      [local, 9, 'packet'],
      [local, 9, MessageType.binary],
    ])
  })

  it('goes by memory too', async (net) => {
    const transport = createMemoryDatagrams()
    const [world, other] = [net.world(), net.world()]
    const socket = createSocket(world, transport)
    const host = createSocket(other, transport)
    const events = recordEvents(other)
    const { localPort } = Socket(other)
    assert.is(await connectSocket(world, socket, local, localPort[host]!), socket)
    assert.is(sendPacket(world, socket, hi), 14)
    await until(() => events.length === 1, [other])
    assert.equal(messagesOf(events), ['6869'])
  })
})

netSpec('a UDP socket without a peer', (it) => {
  it('sends nothing, and says how to', async (net) => {
    const { world, socket } = bind(net)
    assert.is(sendPacket(world, socket, hi), NetworkError.notConnected)
    assert.is(sendRaw(world, socket, hi), NetworkError.notConnected)
    await connectSocket(world, socket, 'no.such.host.invalid', 9)
    assert.is(sendPacket(world, socket, hi), NetworkError.notConnected)
    destroySocket(world, socket)
    assert.is(sendPacket(world, socket, hi), NetworkError.unknownSocket)
    const advice = 'use sendUdp, or connectSocket first'
    assert.equal(
      net.warnings.map((text) => text.replace(/^bitecs-networking: /, '')),
      ['sendPacket', 'sendRaw'].map(
        (name) =>
          `${name}: nothing was done, socket ${socket} is a UDP socket without a peer: ${advice}`,
      ),
    )
  })

  it('is wrong for a server', async (net) => {
    const world = net.world()
    const server = createServer(world, udp, 0)
    assert.is(sendPacket(world, server, hi), NetworkError.wrongRole)
    assert.is(sendRaw(world, server, hi), NetworkError.wrongRole)
    assert.is(await connectSocket(world, server, local, 9), NetworkError.wrongRole)
    await turns()
    assert.is(net.warnings.length, 3)
    for (const text of net.warnings) assert.match(text, /a UDP socket, which has no connections/)
  })

  it('throws for wrong arguments', (net) => {
    const { world, socket } = bind(net)
    const connect = (host: string, port: number, options = {}): void =>
      void connectSocket(world, socket, host, port, options)
    assert.throws(() => connect('', 9), /connectSocket: host must be a name or an address/)
    assert.throws(() => connect(local, 0), /connectSocket: port must be an integer in 1\.\.65535/)
    assert.throws(() => connect(local, 65_536), /connectSocket: port must be/)
    assert.throws(() => connect(local, 9, { protocol: 'x' }), /protocol is an option of/)
    assert.throws(() => connect(local, 9, { ca: 'x' }), /ca is an option of|ca must be/)
    assert.is(sendPacket(world, socket, hi), NetworkError.notConnected)
  })

  it('cannot be connected to an address of a family that it does not have', async (net) => {
    const memory = createMemoryDatagrams()
    const onlyIpv4: DatagramTransport = {
      ...memory,
      bind(options, events) {
        const endpoint = memory.bind(options, events)
        if (typeof endpoint === 'number') return endpoint
        return Object.assign(endpoint, { reaches: (ip: string) => !ip.includes(':') })
      },
    }
    const world = net.world()
    const socket = createSocket(world, onlyIpv4)
    assert.is(await connectSocket(world, socket, '::1', 9), NetworkError.unreachable)
    assert.is(sendPacket(world, socket, hi), NetworkError.notConnected)
    await withNames(
      () => ['::1', local],
      async () => {
        assert.is(await connectSocket(world, socket, 'both.test', 9), socket)
        assert.is(Socket(world).ip[socket], local)
      },
    )
  })
})

netSpec('the name of the peer of a UDP socket', (it) => {
  it('is looked up once, and what is sent meanwhile comes first, in order', async (net) => {
    const peer = await net.datagrams()
    const { world, socket } = bind(net)
    const names = heldNames()
    await withNames(names.ask, async () => {
      const result = connectSocket(world, socket, 'peer.test', peer.port)
      for (let index = 0; index < 5; index++)
        assert.is(sendRaw(world, socket, Uint8Array.of(index)), 1)
      await turns(3)
      assert.equal(peer.received, [])
      names.answer([local])
      assert.is(await result, socket)
      for (let index = 5; index < 8; index++) sendRaw(world, socket, Uint8Array.of(index))
      for (let index = 0; index < 8; index++) assert.is((await peer.take()).hex, `0${index}`)
      assert.equal(names.asked, ['peer.test'])
    })
  })

  it('without an address: what was sent meanwhile counts as undelivered', async (net) => {
    const { world, socket } = bind(net)
    const names = heldNames()
    await withNames(names.ask, async () => {
      const result = connectSocket(world, socket, 'nobody.test', 9)
      assert.is(sendPacket(world, socket, hi), 14)
      names.answer([])
      assert.is(await result, NetworkError.hostNotFound)
      assert.is(Socket(world).undelivered[socket], 1)
    })
  })

  it('is given up when it is connected to another, at once', async (net) => {
    const [first, second] = [await net.datagrams(), await net.datagrams()]
    const { world, socket, events } = bind(net)
    const names = heldNames()
    await withNames(names.ask, async () => {
      const given = connectSocket(world, socket, 'first.test', first.port, { async: true })
      sendRaw(world, socket, '1')
      const taken = connectSocket(world, socket, local, second.port, { async: true })
      sendRaw(world, socket, '2')
      assert.is((await second.take()).hex, '32')
      assert.is(await given, NetworkError.connectionClosed)
      assert.is(await taken, socket)
      names.answer([local])
      // What was sent to the first still goes there.
      assert.is((await first.take()).hex, '31')
      sendRaw(world, socket, '3')
      assert.is((await second.take()).hex, '33')
      await until(() => events.length > 0, [world])
      await turns(3)
      await until(() => true, [world])
      assert.equal(
        events.map(({ port, succeeded }) => [port, succeeded]),
        [[second.port, 1]],
      )
      assert.is(Socket(world).port[socket], second.port)
    })
  })

  it('connecting twice before the first outcome shows reports each once', async (net) => {
    const { world, socket } = bind(net)
    const first = connectSocket(world, socket, local, 9)
    const names = heldNames()
    await withNames(names.ask, async () => {
      const second = connectSocket(world, socket, 'late.test', 10)
      assert.is(await first, NetworkError.connectionClosed)
      await turns(3)
      assert.equal(statesOf(world, socket), ['Listening', 'Connecting'])
      names.answer([local])
      assert.is(await second, socket)
      assert.equal(statesOf(world, socket), ['Listening', 'Connected'])
    })
  })

  it('is given up with the socket, or its world', async (net) => {
    const names = heldNames()
    await withNames(names.ask, async () => {
      const [one, two] = [bind(net), bind(net)]
      const ends = [one, two].map(({ world, socket }, index) =>
        connectSocket(world, socket, `${index}.test`, 9),
      )
      sendPacket(two.world, two.socket, hi)
      destroySocket(one.world, one.socket)
      assert.is(await ends[0], NetworkError.connectionClosed)
      resetWorld(two.world)
      names.answer([local])
      names.answer([local])
      assert.is(await ends[1], NetworkError.connectionClosed)
    })
  })

  it('may not be waited for by too many', async (net) => {
    const { world, socket } = bind(net)
    const names = heldNames()
    await withNames(names.ask, async () => {
      for (let count = 0; count < 64; count++)
        assert.ok(sendUdp(world, socket, 'busy.test', 9, hi) > 0)
      const result = await connectSocket(world, socket, 'busy.test', 9)
      assert.is(result, NetworkError.sendQueueFull)
      assert.equal(statesOf(world, socket), ['Listening', 'Disconnected'])
      names.answer([local])
      await turns(3)
    })
  })
})
