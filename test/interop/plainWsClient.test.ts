import {
  destroySocket,
  MessageType,
  type NetworkConfig,
  NetworkType,
  sendPacket,
  sendRaw,
  type ServerOptions,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { type ClientOptions, WebSocket } from 'ws'
import { answer, answerStart, emptyPacket, greeting, hello } from '../lib/gameMaker.ts'
import { helloPacket, packet, u32, welcome } from '../lib/gameMaker.ts'
import { type ServerHost, type TestNet } from '../lib/TestNet.ts'
import { type EventCopy } from '../lib/recordEvents.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { PlainPeer } from './PlainPeer.ts'
import { echo, withWebSocket } from './withWebSocket.ts'

/** A server of ours. */
class Game {
  readonly host: ServerHost
  readonly net: TestNet
  readonly peers: PlainPeer[] = []

  constructor(net: TestNet, options: ServerOptions, config: Partial<NetworkConfig>) {
    this.net = net
    this.host = net.server(options, config)
  }

  async connect(path = '/', options: ClientOptions = {}, offered: string[] = []) {
    const url = `ws://127.0.0.1:${this.host.port}${path}`
    const peer = new PlainPeer(new WebSocket(url, offered, options))
    this.peers.push(peer)
    await until(() => peer.socket.readyState === 1 || peer.code !== undefined)
    return peer
  }

  /** Connects and shakes hands. */
  async join(): Promise<PlainPeer> {
    const peer = await this.connect()
    assert.equal(await peer.take(1), [greeting])
    peer.send(answer)
    assert.equal(await peer.take(1), [welcome])
    return peer
  }

  /** Ticks until as many events were told, and takes them. */
  async events(count: number): Promise<EventCopy[]> {
    await until(() => this.host.events.length >= count, [this.host.world])
    assert.is(this.host.events.length, count)
    return this.host.events.splice(0)
  }
}

function withGame(
  run: (game: Game) => Promise<void>,
  options: ServerOptions = {},
  config: Partial<NetworkConfig> = {},
): () => Promise<void> {
  return withWebSocket(async (net) => {
    const game = new Game(net, options, config)
    try {
      await run(game)
    } finally {
      for (const { socket } of game.peers) socket.terminate()
    }
  })
}

spec('a plain ws client of our server :: packet mode', (it) => {
  it(
    'shakes hands, sends and receives the bytes of the document',
    withGame(async (game) => {
      const { world, server } = game.host
      const peer = await game.connect()
      assert.equal(await peer.take(1), [greeting])
      peer.send(answerStart + u32(0x12_34_56_78))
      assert.equal(await peer.take(1), [welcome])
      const [connected] = await game.events(1)
      const client = connected!.socket!
      assert.is(connected!.type, NetworkType.connect)
      assert.is(connected!.id, server)
      assert.is(connected!.ip, '127.0.0.1')
      assert.is(Socket(world).gameId[client], 0x12_34_56_78)

      peer.send(helloPacket)
      assert.equal(await game.events(1), [
        {
          type: NetworkType.data,
          id: client,
          ip: '127.0.0.1',
          port: connected!.port,
          buffer: hello,
          size: 5,
          server,
          message_type: MessageType.binary,
        },
      ])
      assert.is(sendPacket(world, client, Buffer.from(hello, 'hex')), 5)
      assert.is(sendPacket(world, client, new Uint8Array(0)), 0)
      assert.is(sendPacket(world, client, Uint8Array.of(1, 0x25, 0, 1)), 4)
      assert.equal(await peer.take(3), [
        helloPacket,
        emptyPacket,
        'dec0adde0c0000000400000001250001',
      ])
    }),
  )

  it(
    'may send packets behind its answer, several in a message, one in several',
    withGame(async (game) => {
      const peer = await game.connect()
      await peer.take(1)
      for (const hex of [answer, helloPacket + emptyPacket + packet('aa'), 'dec0', 'adde0c00', ''])
        peer.send(hex)
      peer.send('000002000000bb')
      peer.send(`cc${helloPacket}de`)
      peer.send('c0adde0c000000010000')
      peer.send('00dd')
      const events = await game.events(7)
      assert.equal(
        events.slice(1).map(({ buffer }) => buffer),
        [hello, '', 'aa', 'bbcc', hello, 'dd'],
      )
      assert.equal(game.net.warnings, [])
    }),
  )

  for (const size of [0, 113, 114, 65_523, 65_524, 2 ** 20])
    it(
      `gets ${size} bytes back`,
      withGame(async (game) => {
        echo(game.host.world)
        const peer = await game.join()
        const sent = packet(Buffer.alloc(size, `${size} bytes `).toString('hex'))
        peer.send(sent)
        const [received] = await peer.take(1, [game.host.world])
        assert.ok(received === sent)
      }),
    )

  it(
    'sends text and loses it, as it is no packet',
    withGame(async (game) => {
      const peer = await game.join()
      await game.events(1)
      peer.sendText('hello')
      peer.send(helloPacket)
      assert.is((await game.events(1))[0]!.buffer, hello)
      assert.is(game.net.warnings.length, 1)
      assert.match(game.net.warnings[0]!, 'sent 5 bytes that are no packet')
    }),
  )
})

spec('a plain ws client of our server :: raw mode', (it) => {
  it(
    'exchanges text and binary messages, also empty ones',
    withGame(
      async (game) => {
        const { world } = game.host
        echo(world)
        const peer = await game.connect()
        peer.sendText('hé')
        peer.send('68c3a9')
        peer.sendText('')
        peer.send('')
        const events = await game.events(5)
        assert.equal(
          events.slice(1).map(({ buffer, size, message_type }) => [buffer, size, message_type]),
          [
            ['68c3a9', 3, MessageType.text],
            ['68c3a9', 3, MessageType.binary],
            ['', 0, MessageType.text],
            ['', 0, MessageType.binary],
          ],
        )
        assert.equal(await peer.take(4), ['text:hé', '68c3a9', 'text:', ''])
      },
      { raw: true },
    ),
  )

  it(
    'gets U+FFFD for what is no UTF-8, and bytes without a type as binary',
    withGame(
      async (game) => {
        const { world } = game.host
        const peer = await game.connect()
        const client = (await game.events(1))[0]!.socket!
        assert.is(
          sendRaw(world, client, Uint8Array.of(0x61, 0xff), { size: 2, type: MessageType.text }),
          2,
        )
        assert.is(sendRaw(world, client, Uint8Array.of(0xff)), 1)
        assert.equal(await peer.take(2), ['text:a\uFFFD', 'ff'])
      },
      { raw: true },
    ),
  )
})

spec('a plain ws client of our server :: its handshake', (it) => {
  it(
    'is refused compression that it offers',
    withGame(async (game) => {
      const peer = await game.connect('/', { perMessageDeflate: true })
      assert.is(peer.socket.extensions, '')
      assert.equal(await peer.take(1), [greeting])
    }),
  )

  it(
    'gets the sub-protocol of the server',
    withGame(
      async (game) => {
        assert.is((await game.connect('/', {}, ['a', 'b'])).socket.protocol, 'b')
        assert.is((await game.connect()).socket.protocol, '')
      },
      { protocol: 'b' },
    ),
  )

  it(
    'gets the first sub-protocol that it offers where the server names none',
    withGame(async (game) => {
      assert.is((await game.connect('/', {}, ['a', 'b'])).socket.protocol, 'a')
      assert.is((await game.connect()).socket.protocol, '')
    }),
  )

  it(
    'must ask for the path; a page must come from an origin of the list',
    withGame(
      async (game) => {
        const origin = 'https://example.org'
        assert.is((await game.connect('/', { origin })).code, 1006)
        assert.is((await game.connect('/game', { origin: 'https://example.com' })).code, 1006)
        assert.is((await game.connect('/game?token=1', { origin })).code, undefined)
        assert.is((await game.connect('/game')).code, undefined)
        await game.events(2)
      },
      { raw: true, path: '/game', origins: ['https://example.org'] },
    ),
  )
})

spec('a plain ws client of our server :: ends', (it) => {
  for (const code of [undefined, 1000, 1001, 3000, 4999])
    it(
      `closes with ${code ?? 'no code'}: one disconnect, and the code comes back`,
      withGame(async (game) => {
        const peer = await game.join()
        const client = (await game.events(1))[0]!.socket!
        peer.send(helloPacket)
        peer.socket.close(code)
        const [data, end] = await game.events(2)
        assert.is(data!.buffer, hello)
        assert.is(end!.type, NetworkType.disconnect)
        assert.is(end!.socket, client)
        assert.is(await peer.ends(), code ?? 1005)
      }),
    )

  it(
    'breaks off: one disconnect',
    withGame(async (game) => {
      const peer = await game.join()
      await game.events(1)
      peer.send(helloPacket)
      await game.events(1)
      peer.socket.terminate()
      assert.is((await game.events(1))[0]!.type, NetworkType.disconnect)
    }),
  )

  it(
    'hears the last words and 1000 when its socket is destroyed, 1001 when the server is',
    withGame(async (game) => {
      const { world, server } = game.host
      const peers = [await game.join(), await game.join()]
      const clients = (await game.events(2)).map(({ socket }) => socket!)
      const words = Buffer.alloc(2 ** 20, 'last words ')
      sendPacket(world, clients, words)
      destroySocket(world, clients[0]!)
      destroySocket(world, server)
      assert.equal(new Set([await peers[0]!.ends(), await peers[1]!.ends()]), new Set([1000, 1001]))
      const expected = packet(words.toString('hex'))
      for (const { messages } of peers) assert.ok(messages.join() === expected)
      assert.equal(game.host.events, [])
    }),
  )

  it(
    'is pinged while it is silent, and stays when it answers',
    withGame(
      async (game) => {
        const { world } = game.host
        const peer = await game.join()
        await game.events(1)
        await until(() => peer.pings.length === 2, [world])
        peer.socket.ping('abc')
        await until(() => peer.pongs.length === 1)
        assert.equal(peer.pongs, ['616263'])
        peer.send(helloPacket)
        assert.is((await game.events(1))[0]!.buffer, hello)
      },
      {},
      { pingIntervalMs: 10, pongTimeoutMs: 5_000 },
    ),
  )

  it(
    'is disconnected when it does not answer a ping',
    withGame(
      async (game) => {
        const peer = await game.connect('/', { autoPong: false })
        await peer.take(1)
        peer.send(answer)
        assert.is((await game.events(1))[0]!.type, NetworkType.connect)
        assert.is((await game.events(1))[0]!.type, NetworkType.disconnect)
        assert.is(peer.pings.length, 1)
        assert.is(await peer.ends(), 1006)
      },
      {},
      { pingIntervalMs: 10, pongTimeoutMs: 10 },
    ),
  )
})
