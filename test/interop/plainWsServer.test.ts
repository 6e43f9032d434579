import { hasComponent } from 'bitecs'
import {
  Connected,
  type ConnectOptions,
  connectSocket,
  destroySocket,
  Disconnected,
  DisconnectReason,
  MessageType,
  type NetworkConfig,
  NetworkError,
  NetworkType,
  sendPacket,
  sendRaw,
  Socket,
} from 'bitecs-networking'
import { type IncomingMessage } from 'node:http'
import { type AddressInfo } from 'node:net'
import * as assert from 'uvu/assert'
import { type ServerOptions, WebSocketServer } from 'ws'
import { answerStart, emptyPacket, greeting, hello } from '../lib/gameMaker.ts'
import { helloPacket, packet, u32, welcome } from '../lib/gameMaker.ts'
import { type ClientHost } from '../lib/TestNet.ts'
import { type EventCopy, messagesOf } from '../lib/recordEvents.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { PlainPeer } from './PlainPeer.ts'
import { echo, withWebSocket } from './withWebSocket.ts'

/** A client of ours and a server that is not. */
class Game {
  readonly guest: ClientHost
  readonly warnings: readonly string[]
  readonly server: WebSocketServer
  readonly peers: PlainPeer[] = []
  readonly requests: IncomingMessage[] = []

  constructor(guest: ClientHost, warnings: readonly string[], server: WebSocketServer) {
    this.guest = guest
    this.warnings = warnings
    this.server = server
    server.on('connection', (socket, request) => {
      this.peers.push(new PlainPeer(socket))
      this.requests.push(request)
    })
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  connect(options?: ConnectOptions, path = '/'): ReturnType<typeof connectSocket> {
    const { world, socket } = this.guest
    return connectSocket(world, socket, `ws://127.0.0.1:${this.port}${path}`, 0, options)
  }

  /** The newest connection. */
  async accept(count = 1): Promise<PlainPeer> {
    await until(() => this.peers.length === count)
    return this.peers.at(-1)!
  }

  /** Connects, with a handshake. */
  async join(count = 1): Promise<PlainPeer> {
    const result = this.connect()
    const peer = await this.accept(count)
    peer.send(greeting)
    await peer.take(1)
    peer.send(welcome)
    assert.is(await result, this.guest.socket)
    return peer
  }

  async events(count: number): Promise<EventCopy[]> {
    await until(() => this.guest.events.length >= count, [this.guest.world])
    assert.is(this.guest.events.length, count)
    return this.guest.events.splice(0)
  }

  /** Ticks until the entity is Disconnected, and gives why. */
  async disconnectReason(): Promise<number> {
    const { world, socket } = this.guest
    await until(() => hasComponent(world, socket, Disconnected), [world])
    return Socket(world).disconnectReason[socket]!
  }

  close(): void {
    for (const { socket } of this.peers) socket.terminate()
    this.server.close()
  }
}

function withGame(
  run: (game: Game) => Promise<void>,
  config: Partial<NetworkConfig> = {},
  options: ServerOptions = {},
): () => Promise<void> {
  return withWebSocket(async (net) => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, ...options })
    const game = new Game(net.client(config), net.warnings, server)
    try {
      await until(() => server.address() !== null)
      await run(game)
    } finally {
      game.close()
    }
  })
}

spec('a plain ws server of our client :: packet mode', (it) => {
  it(
    'shakes hands, sends and receives the bytes of the document',
    withGame(
      async (game) => {
        const { world, socket } = game.guest
        const result = game.connect({ async: true })
        const peer = await game.accept()
        peer.send(`${greeting}ffff`)
        assert.equal(await peer.take(1), [answerStart + u32(0x12_34_56_78)])
        peer.send(welcome + helloPacket + emptyPacket.slice(0, 8))
        assert.is(await result, socket)
        peer.send(emptyPacket.slice(8) + packet('aa') + packet('bb'))
        const [connected, ...data] = await game.events(5)
        assert.equal(connected, {
          type: NetworkType.nonBlockingConnect,
          id: socket,
          ip: '127.0.0.1',
          port: game.port,
          socket,
          succeeded: 1,
        })
        assert.equal(data[0], {
          type: NetworkType.data,
          id: socket,
          ip: '127.0.0.1',
          port: game.port,
          buffer: hello,
          size: 5,
          message_type: MessageType.binary,
        })
        assert.equal(messagesOf(data), [hello, '', 'aa', 'bb'])
        assert.is(sendPacket(world, socket, Buffer.from(hello, 'hex')), 5)
        assert.is(sendPacket(world, socket, new Uint8Array(0)), 0)
        assert.equal(await peer.take(2), [helloPacket, emptyPacket])
        assert.equal(game.warnings, [])
      },
      { gameId: 0x12_34_56_78 },
    ),
  )

  for (const size of [0, 113, 114, 65_523, 65_524, 2 ** 20])
    it(
      `gets ${size} bytes back`,
      withGame(async (game) => {
        echo(game.guest.world)
        const peer = await game.join()
        const sent = packet(Buffer.alloc(size, `${size} bytes `).toString('hex'))
        peer.send(sent)
        const [received] = await peer.take(1, [game.guest.world])
        assert.ok(received === sent)
      }),
    )

  for (const [name, before, wrong] of [
    ['greeting', [], `${greeting.slice(0, 34)}01`],
    ['short greeting', [], greeting.slice(0, 34)],
    ['welcome', [greeting], `${welcome.slice(0, 22)}01`],
    ['empty welcome', [greeting], ''],
  ] as const)
    it(
      `is left when its handshake is wrong: ${name}`,
      withGame(async (game) => {
        const result = game.connect()
        const peer = await game.accept()
        for (const hex of [...before, wrong]) peer.send(hex)
        assert.is(await result, NetworkError.handshakeFailed)
        assert.is(await peer.ends(), 1002)
      }),
    )

  it(
    'is left when its greeting is a text message',
    withGame(async (game) => {
      const result = game.connect()
      const peer = await game.accept()
      peer.sendText(Buffer.from(greeting, 'hex').toString())
      assert.is(await result, NetworkError.handshakeFailed)
      assert.is(await peer.ends(), 1002)
    }),
  )
})

spec('a plain ws server of our client :: raw mode', (it) => {
  it(
    'exchanges text and binary messages, also empty ones',
    withGame(async (game) => {
      const { world, socket } = game.guest
      assert.is(await game.connect({ raw: true }), socket)
      const peer = await game.accept()
      peer.sendText('hé')
      peer.send('68c3a9')
      peer.sendText('')
      peer.send('')
      assert.equal(
        (await game.events(4)).map(({ buffer, size, message_type }) => [
          buffer,
          size,
          message_type,
        ]),
        [
          ['68c3a9', 3, MessageType.text],
          ['68c3a9', 3, MessageType.binary],
          ['', 0, MessageType.text],
          ['', 0, MessageType.binary],
        ],
      )
      const text = Buffer.from('hé')
      assert.is(sendRaw(world, socket, text, { size: 3, type: MessageType.text }), 3)
      assert.is(sendRaw(world, socket, text), 3)
      assert.is(sendRaw(world, socket, text, { size: 0, type: MessageType.text }), 0)
      assert.is(sendRaw(world, socket, text, { size: 0 }), 0)
      assert.equal(await peer.take(4), ['text:hé', '68c3a9', 'text:', ''])
    }),
  )
})

spec('a plain ws server of our client :: its handshake', (it) => {
  it(
    'is asked for the path of the URL and the sub-protocol, and not for compression',
    withGame(
      async (game) => {
        const { socket } = game.guest
        const result = game.connect({ raw: true, protocol: 'game' }, '/a/path?and=more')
        assert.is(await result, socket)
        const peer = await game.accept()
        assert.is(game.requests[0]!.url, '/a/path?and=more')
        assert.is(game.requests[0]!.headers['sec-websocket-extensions'], undefined)
        assert.is(peer.socket.protocol, 'game')
        assert.is(peer.socket.extensions, '')
      },
      {},
      { perMessageDeflate: true },
    ),
  )

  it(
    'refuses: handshakeFailed',
    withGame(
      async (game) => {
        assert.is(await game.connect({ async: true }), NetworkError.handshakeFailed)
        const [event] = await game.events(1)
        assert.is(event!.type, NetworkType.nonBlockingConnect)
        assert.is(event!.succeeded, 0)
      },
      {},
      { verifyClient: () => false },
    ),
  )
})

spec('a plain ws server of our client :: ends', (it) => {
  for (const code of [undefined, 1000, 1001, 1011, 4999])
    it(
      `closes with ${code ?? 'no code'}: Disconnected, and the code comes back`,
      withGame(async (game) => {
        const peer = await game.join()
        peer.send(helloPacket)
        peer.socket.close(code)
        assert.is(await game.disconnectReason(), DisconnectReason.closed)
        assert.equal(messagesOf(await game.events(1)), [hello])
        assert.is(await peer.ends(), code ?? 1005)
      }),
    )

  it(
    'breaks off: Disconnected and, if asked for, an event',
    withGame(
      async (game) => {
        const { socket } = game.guest
        const peer = await game.join()
        peer.socket.terminate()
        assert.is(await game.disconnectReason(), DisconnectReason.reset)
        const [event] = await game.events(1)
        assert.is(event!.type, NetworkType.disconnect)
        assert.is(event!.id, socket)
      },
      { clientDisconnectEvents: true },
    ),
  )

  it(
    'hears the last words and 1000, and can be connected to again',
    withGame(async (game) => {
      const { world, socket } = game.guest
      const first = await game.join()
      first.socket.close()
      await game.disconnectReason()
      const second = await game.join(2)
      assert.ok(hasComponent(world, socket, Connected))
      const words = Buffer.alloc(2 ** 20, 'last words ')
      sendPacket(world, socket, words)
      destroySocket(world, socket)
      assert.is(await second.ends(), 1000)
      assert.ok(second.messages.join() === packet(words.toString('hex')))
      assert.equal(first.messages, [])
    }),
  )

  it(
    'may ping, and is pinged',
    withGame(
      async (game) => {
        const peer = await game.join()
        peer.socket.ping('abc')
        await until(() => peer.pongs.length === 1)
        assert.equal(peer.pongs, ['616263'])
        await until(() => peer.pings.length === 1, [game.guest.world])
        peer.send(helloPacket)
        assert.equal(messagesOf(await game.events(1)), [hello])
      },
      { pingIntervalMs: 10, pongTimeoutMs: 5_000 },
    ),
  )
})
