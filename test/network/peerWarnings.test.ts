import {
  connectSocket,
  createServer,
  createSocket,
  flushNetwork,
  NetworkError,
  NetworkSystem,
  sendPacket,
  sendRaw,
  Socket,
  SocketType,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import { greeting } from '../lib/gameMaker.ts'
import { type HandEnd, HandTransport, hexBytes } from '../lib/HandTransport.ts'
import { memorySpec, netSpec } from '../lib/netSpec.ts'
import { turns, until } from '../lib/until.ts'
import { ask } from '../transport/webSocketPeers.ts'

const tls = Buffer.from('16030100c8010000c40303', 'hex')

const strangers: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ['text', Buffer.from('hello\n'), /sent plain text instead .* raw: true/],
  ['JSON', Buffer.from('{"type":"join"}'), /sent JSON instead .* raw: true/],
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n'), /sent an HTTP request instead .*SocketType.ws/],
  ['TLS', tls, /sent TLS instead .*SocketType.wss/],
  ['other bytes', Uint8Array.of(1, 2, 3), /sent other bytes instead .* raw: true/],
]

memorySpec('a warning of many peers', (it) => {
  it('that send what is no packet comes once a minute', async (net) => {
    const links = net.links(5)
    const { host } = links[0]!
    const come = async (): Promise<void> => {
      for (const { guest, client } of links) {
        sendRaw(guest, client, Buffer.from('no packet at all'))
        flushNetwork(guest)
        NetworkSystem(host)
        await turns(1)
        net.clock.advance(2_000)
      }
    }
    const warned = (): number =>
      net.warnings.filter((each) => each.includes('that are no packet')).length
    await come()
    assert.is(warned(), 1)
    net.clock.advance(60_000)
    await come()
    assert.is(warned(), 2)
  })

  it('that are sent raw bytes in packet mode comes once a minute', async (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    const send = async (): Promise<void> => {
      for (let index = 0; index < 5; index++) {
        const { accepted } = net.link(host, server)
        sendRaw(host, accepted, Buffer.from('raw'))
        await turns(1)
        net.clock.advance(2_000)
      }
    }
    const warned = (): number =>
      net.warnings.filter((each) => each.includes('sendRaw on a packet connection')).length
    await send()
    assert.is(warned(), 1)
    net.clock.advance(60_000)
    await send()
    assert.is(warned(), 2)
  })
})

memorySpec('a warning of what a peer may have meant', (it) => {
  for (const [what, bytes, expected] of strangers)
    it(`${what} instead of a handshake: once a minute, however many come`, async (net) => {
      const transport = new HandTransport()
      createServer(net.world(), transport, 0)
      const come = async (count: number): Promise<void> => {
        for (let index = 0; index < count; index++) {
          const { connection, events } = transport.accept()
          events.received(bytes.slice())
          assert.is(connection.ended, 'reset')
        }
        await turns(1)
      }
      await come(3)
      assert.is(net.warnings.length, 1)
      assert.match(net.warnings[0]!, expected)
      net.clock.advance(59_999)
      await come(1)
      assert.is(net.warnings.length, 1)
      net.clock.advance(1)
      await come(1)
      assert.is(net.warnings.length, 2)
    })

  it('each kind is warned of by itself', async (net) => {
    const transport = new HandTransport()
    createServer(net.world(), transport, 0)
    for (const [, bytes] of strangers) transport.accept().events.received(bytes.slice())
    await turns(1)
    assert.is(net.warnings.length, strangers.length)
  })

  for (const [what, hex, expected] of [
    ['packets', 'dec0adde0c0000000100000041', /sent GameMaker's packets over a raw connection/],
    [
      "a client's answer",
      'bebafeca0bb0adde1000000007000000',
      /a GameMaker client's answer over a raw/,
    ],
  ] as const)
    it(`${what} at a raw server: one warning, and the bytes arrive as they are`, async (net) => {
      const transport = new HandTransport()
      const world = net.world()
      createServer(world, transport, 0, { raw: true })
      const { events } = transport.accept()
      for (let count = 0; count < 3; count++) events.received(hexBytes(hex))
      await turns(1)
      assert.is(net.warnings.length, 1)
      assert.match(net.warnings[0]!, expected)
      net.clock.advance(60_000)
      events.received(hexBytes(hex))
      await turns(1)
      const again = net.warnings.filter((text) => expected.test(text))
      assert.is(again.length, 1, 'once for each connection')
    })

  it('raw bytes that are none of these are not worth a warning', async (net) => {
    const transport = new HandTransport()
    createServer(net.world(), transport, 0, { raw: true })
    for (const hex of ['de', 'dec0adde', 'be00', '47', '474554202f20', ''])
      transport.accept().events.received(hexBytes(hex))
    await turns(1)
    assert.equal(net.warnings, [])
  })

  /** A client that has reached a server. */
  function reach(net: Parameters<Parameters<typeof it>[1]>[0], raw: boolean): HandEnd {
    const transport = new HandTransport()
    const world = net.world()
    const client = createSocket(world, transport)
    void connectSocket(world, client, '127.0.0.1', 7, { raw, timeoutMs: 1_000 })
    const end = transport.client!
    end.events.opened(end.connection)
    return end
  }

  it('a client whose server sends nothing: it may be raw', async (net) => {
    reach(net, false)
    net.clock.advance(1_000)
    await turns(1)
    assert.is(net.warnings.length, 1)
    assert.match(net.warnings[0]!, /127.0.0.1:7 sent no greeting.*raw: true/)
  })

  it('a client whose server sends something else', async (net) => {
    reach(net, false).events.received(Buffer.from('HELLO'))
    await turns(1)
    assert.match(net.warnings.join(), /sent plain text instead of GameMaker's greeting.*raw: true/)
  })

  it('a raw client of a packet server', async (net) => {
    reach(net, true).events.received(hexBytes(greeting))
    await turns(1)
    assert.match(net.warnings.join(), /sent GameMaker's greeting over a raw connection/)
  })

  it('a client that reaches no server is not told of greetings', async (net) => {
    const transport = new HandTransport()
    const world = net.world()
    void connectSocket(world, createSocket(world, transport), '127.0.0.1', 7, { timeoutMs: 1_000 })
    net.clock.advance(1_000)
    await turns(1)
    assert.equal(net.warnings, [])
  })
})

netSpec(
  'what a plain WebSocket meets at a server of packets',
  (it) => {
    it('the close reason says what is missing, and so does a warning', async (net) => {
      const { port } = net.server()
      for (const first of ['hello', Buffer.from([1, 2])]) {
        const plain = new WebSocket(`ws://127.0.0.1:${port}`)
        let end = ''
        plain.on('open', () => plain.send(first))
        plain.on('close', (code, reason) => (end = `${code} ${String(reason)}`))
        await until(() => end !== '')
        assert.match(end, /^1002 GameMaker's handshake is missing: .* raw: true$/)
      }
      await until(() => net.warnings.length === 2)
      assert.match(net.warnings[0]!, /sent plain text instead/)
    })

    it('a page that only listens: a warning when its time is up', async (net) => {
      const { port } = net.server({}, { handshakeTimeoutMs: 50 })
      const plain = new WebSocket(`ws://127.0.0.1:${port}`)
      let isClosed = false
      plain.on('close', () => (isClosed = true))
      await until(() => isClosed && net.warnings.length === 1)
      assert.match(net.warnings[0]!, /sent no handshake of GameMaker's: .* raw: true/)
    })

    it('TLS at a ws server: a warning; what is not HTTP gets 400 as before', async (net) => {
      const { port } = net.server()
      for (let count = 0; count < 2; count++) {
        const peer = await net.peer(port)
        peer.send(tls)
        await until(() => peer.isClosed || peer.hasEnded)
      }
      await until(() => net.warnings.length > 0)
      assert.is(net.warnings.length, 1)
      assert.match(net.warnings[0]!, /sent TLS to a ws server/)
      assert.match(await ask(port, 'hello\r\n\r\n'), /^HTTP\/1.1 400 /)
      assert.match(
        await ask(port, `GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`),
        /^HTTP\/1.1 431 /,
      )
    })
  },
  { transport: SocketType.ws },
)

netSpec('a packet peer at a raw server over TCP', (it) => {
  it('packets behind another message that has come at once with them, over WebSocket', async (net) => {
    const world = net.world()
    const server = createServer(world, SocketType.ws, 0, { raw: true })
    const port = Socket(world).port[server]!
    const guest = net.world()
    const socket = createSocket(guest, SocketType.ws)
    assert.is(await connectSocket(guest, socket, '127.0.0.1', port, { raw: true }), socket)
    sendRaw(guest, socket, Uint8Array.of(1))
    sendRaw(guest, socket, hexBytes('dec0adde0c0000000100000041'))
    await until(() => net.warnings.length === 1, [guest, world])
    assert.match(net.warnings[0]!, /sent GameMaker's packets over a raw connection/)
  })

  it('is told at both ends', async (net) => {
    const { world, port } = net.server({ raw: true })
    const { world: guest, socket } = net.client()
    const result = await connectSocket(guest, socket, '127.0.0.1', port, { timeoutMs: 200 })
    assert.is(result, NetworkError.timedOut)
    await until(() => net.warnings.length === 1)
    const other = createSocket(guest, SocketType.tcp)
    assert.is(await connectSocket(guest, other, '127.0.0.1', port, { raw: true }), other)
    sendPacket(guest, other, Uint8Array.of(1))
    await until(
      () => net.warnings.length === 3,
      () => {
        NetworkSystem(guest)
        NetworkSystem(world)
      },
    )
    assert.match(net.warnings.join('\n'), /sent GameMaker's packets over a raw connection/)
  })
})
