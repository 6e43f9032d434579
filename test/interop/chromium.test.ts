import { query } from 'bitecs'
import {
  AcceptedBy,
  destroySocket,
  DisconnectReason,
  MessageType,
  type NetworkConfig,
  NetworkError,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  type ServerOptions,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { createServer as createHttpsServer, type ServerOptions as HttpsOptions } from 'node:https'
import { type AddressInfo } from 'node:net'
import * as assert from 'uvu/assert'
import { WebSocketServer } from 'ws'
import { localCertificate } from '../lib/certificates.ts'
import {
  answer,
  emptyPacket,
  greeting,
  helloPacket,
  packet,
  u32,
  welcome,
} from '../lib/gameMaker.ts'
import { type ServerHost, type TestNet } from '../lib/TestNet.ts'
import { messagesOf } from '../lib/recordEvents.ts'
import { withNet } from '../lib/withNet.ts'
import { until } from '../lib/until.ts'
import { Chromium, type ChromiumPage } from './Chromium.ts'
import { PlainPeer } from './PlainPeer.ts'
import { findChromium } from './programs.ts'
import { specWith } from '../lib/specWith.ts'
import { echo, hostWebSocket } from './webSocketHosts.ts'

const { ws, wss, tcp, udp } = SocketType
const local = '127.0.0.1'

/** Around the limits of the header and of frames. */
const sizes = [0, 1, 12, 113, 114, 65_523, 65_524, 90_000, 2 ** 20]

const hex = (text: string): string => Buffer.from(text).toString('hex')

/** What Chromium writes to the console when a connection fails. */
const failure = (port: number, reason: string): string =>
  `WebSocket connection to 'ws://${local}:${port}/' failed: ${reason}`

/** One browser and page for all cases: they take a while to start. */
let started: Promise<readonly [Chromium, ChromiumPage]> | undefined

async function start(path: string): Promise<readonly [Chromium, ChromiumPage]> {
  const chromium = await Chromium.launch(path)
  return [chromium, await chromium.open()]
}

/** A page, and servers whose worlds tick while it plays. */
interface Game {
  readonly net: TestNet
  readonly chromium: Chromium
  readonly page: ChromiumPage
  readonly host: (options?: ServerOptions, config?: Partial<NetworkConfig>) => ServerHost
}

function withPage(path: string, run: (game: Game) => Promise<void>): () => Promise<void> {
  return withNet(async (net) => {
    const [chromium, page] = await (started ??= start(path))
    await page.load()
    const timers: NodeJS.Timeout[] = []
    try {
      await run({
        net,
        chromium,
        page,
        host: (options, config) => {
          const server = hostWebSocket(net, options, config)
          timers.push(setInterval(() => NetworkSystem(server.world), 4))
          return server
        },
      })
    } finally {
      timers.forEach((timer) => clearInterval(timer))
    }
  })
}

specWith(findChromium(), 'a page in Chromium', (it, path) => {
  for (const loop of ['frames', 'interval', 'startTicks'] as const)
    it(
      `exchanges packets of up to 1 MiB, its ticks by ${loop}`,
      withPage(path, async ({ page, host, net }) => {
        const { world, port, events } = host()
        echo(world)
        const { told, ...rest } = await page.play('packets', ws, local, port, loop, sizes)
        assert.equal(rest, {
          isConnected: true,
          state: ['Connected'],
          returned: sizes,
          wrong: [],
          // A page does not learn its own port.
          shown: [local, port, 0],
        })
        assert.equal(told[0], {
          type: NetworkType.nonBlockingConnect,
          isSocket: true,
          ip: local,
          port,
          succeeded: 1,
        })
        const dataEvent = (size: number): object => ({
          type: NetworkType.data,
          isSocket: true,
          ip: local,
          port,
          size,
          messageType: MessageType.binary,
        })
        assert.equal(
          told.slice(1).map(({ text: _text, ...event }) => event),
          [...sizes, ...sizes].map((size) => dataEvent(size)),
        )
        await until(() => events.at(-1)!.type === NetworkType.disconnect)
        assert.is(events.length, 2 + 2 * sizes.length)
        assert.equal(net.warnings, [])
        assert.equal(page.console, [])
      }),
    )

  it(
    'exchanges text and binary messages in raw mode, on a shared HTTP server that knows its origin',
    withPage(path, async ({ page, chromium, host }) => {
      const { http, origin } = chromium
      const { world, events, server } = host({ raw: true, http, path: '/game', origins: [origin] })
      echo(world)
      const url = `${origin.replace('http', 'ws')}/game?player=1`
      const { told, ...rest } = await page.play('raw', ws, url)
      const lengths = [15, 15, 0, 0, 2 ** 20, 2 ** 20, 2]
      assert.equal(rest, { isConnected: true, returned: lengths, areLargeSame: true })
      // U+FFFD has three bytes.
      lengths[6] = 4
      const types = [2, 1, 2, 1, 2, 1, 2]
      assert.equal(
        told.map(({ size, messageType }) => [size, messageType]),
        lengths.map((length, index) => [length, types[index]]),
      )
      const text = '\u{FEFF}hé € 😀'
      assert.equal(
        [0, 1, 6].map((index) => told[index]!.text),
        [text, text, 'a\u{FFFD}'],
      )
      const heard = events.filter(({ type }) => type === NetworkType.data)
      assert.equal(
        heard.map(({ message_type }) => message_type),
        types,
      )
      assert.is(heard[0]!.buffer, hex(text))
      destroySocket(world, server)
      assert.ok(http.listening)
      assert.equal(page.console, [])
    }),
  )

  it(
    'connects through TLS',
    withPage(path, async ({ page, net, chromium, host }) => {
      const https = createHttpsServer(localCertificate as HttpsOptions).listen(0, local)
      await until(() => https.listening)
      try {
        const { world, port } = host({ http: https })
        echo(world)
        const { isConnected, wrong } = await page.play(
          'packets',
          wss,
          'localhost',
          port,
          'frames',
          sizes,
        )
        assert.equal([isConnected, wrong], [true, []])
        assert.equal(page.console, [])
        assert.equal(net.warnings, [])
        assert.ok(chromium.http.listening)
      } finally {
        https.close()
      }
    }),
  )

  it(
    'is turned out and comes back, three times on one socket entity',
    withPage(path, async ({ page, host }) => {
      const { world, server, port, events } = host()
      let kicked = 0
      onNetworking(world, server, (_world, _self, load) => {
        if (load.type !== NetworkType.data) return
        // The third time without a word.
        setNetworkConfig(world, load.id, { avoidTimeWait: ++kicked === 3 })
        destroySocket(world, load.id)
      })
      const { reasons, states, late, told } = await page.play('outlive', local, port, 3)
      const { closed, reset } = DisconnectReason
      assert.equal(reasons, [closed, closed, reset])
      const once = [['Connected'], ['Disconnected']]
      assert.equal(states, [...once, ...once, ...once])
      assert.is(late, NetworkError.notConnected)
      const end = { type: NetworkType.disconnect, isSocket: true, ip: local, port, succeeded: 0 }
      assert.equal(told, [end, end, end])
      assert.equal(messagesOf(events), [hex('hello 0'), hex('hello 1'), hex('hello 2')])
      assert.equal(page.console, [])
    }),
  )

  it(
    'sees its server go',
    withPage(path, async ({ page, host }) => {
      const { world, server, port } = host()
      onNetworking(world, server, (_world, _self, { type }) => {
        if (type === NetworkType.data) destroySocket(world, server)
      })
      const { reasons, told } = await page.play('outlive', local, port, 1)
      assert.equal(reasons, [DisconnectReason.closed])
      assert.is(told.length, 1)
      assert.equal(page.console, [])
    }),
  )

  it(
    'offers a sub-protocol, and goes: one disconnect',
    withPage(path, async ({ page, chromium, host }) => {
      const { http, origin } = chromium
      const offered: unknown[] = []
      http.once('upgrade', ({ headers }) => offered.push(headers['sec-websocket-protocol']))
      // A page takes no server that chooses none.
      const { world, server, events } = host({ raw: true, http, path: '/stay' })
      const player = await chromium.open()
      assert.ok(await player.play('stay', `${origin.replace('http', 'ws')}/stay`, 'game'))
      assert.equal(offered, ['game'])
      await until(() => query(world, [Socket, AcceptedBy(server)]).length === 1)
      await player.close()
      await until(() => events.length === 2)
      assert.is(events[1]!.type, NetworkType.disconnect)
      assert.equal([...player.console, ...page.console], [])
    }),
  )

  it(
    'is refused by a port that nobody listens on, and by an origin list',
    withPage(path, async ({ page, net, host }) => {
      const refusing = await net.refusingPort()
      const strict = host({ origins: ['https://example.org'] })
      for (const port of [refusing, strict.port]) {
        const { told, ...rest } = await page.play('fail', local, port, 5_000)
        const error = NetworkError.connectionClosed
        assert.equal(rest, { result: error, shown: error, state: ['Disconnected'] })
        assert.equal(told, [
          {
            type: NetworkType.nonBlockingConnect,
            isSocket: true,
            ip: '',
            port: 0,
            succeeded: 0,
          },
        ])
      }
      assert.equal(page.console, [
        `error: ${failure(refusing, 'Error in connection establishment: net::ERR_CONNECTION_REFUSED')}`,
        `error: ${failure(strict.port, 'Error during WebSocket handshake: Unexpected response code: 403')}`,
      ])
      assert.equal(strict.events, [])
    }),
  )

  it(
    'gives up on a server that does not answer',
    withPage(path, async ({ page, net }) => {
      const { port } = await net.listen(0, local)
      const { result, state } = await page.play('fail', local, port, 200)
      assert.is(result, NetworkError.timedOut)
      assert.equal(state, ['Disconnected'])
      assert.equal(page.console, [
        `warning: ${failure(port, 'WebSocket is closed before the connection is established.')}`,
      ])
    }),
  )

  it(
    'hears 5,000 messages of one tick and sends as many, in order',
    withPage(path, async ({ page, host }) => {
      const { world, server, port, events } = host()
      const numbers = Array.from({ length: 5_000 }, (_, index) => u32(index))
      onNetworking(world, server, (_world, _self, load) => {
        if (load.type !== NetworkType.data || load.size > 0) return
        for (const number of numbers) sendPacket(world, load.id, Buffer.from(number, 'hex'))
      })
      const { ticks, ...rest } = await page.play('flood', local, port, numbers.length)
      assert.equal(rest, { count: numbers.length, wrong: -1 })
      assert.ok(ticks >= numbers.length / 256, 'a tick takes 256 events of a socket')
      await until(() => events.at(-1)!.type === NetworkType.disconnect)
      assert.equal(messagesOf(events).slice(1), numbers)
      assert.equal(page.console, [])
    }),
  )

  it(
    'is told when its send queue is full and when it is not any more',
    withPage(path, async ({ page, host }) => {
      const { world, server, port, events } = host()
      onNetworking(world, server, (_world, _self, { type, id }) => {
        if (type === NetworkType.data) sendPacket(world, id, new Uint8Array(1))
      })
      const { refusal, sentFirst, sent } = await page.play('fill', local, port)
      assert.is(refusal, NetworkError.sendQueueFull)
      assert.is(sentFirst, 16)
      assert.is(sent, 18)
      await until(() => events.at(-1)!.type === NetworkType.disconnect)
      assert.is(messagesOf(events).length, sent)
      assert.equal(page.console, [])
    }),
  )

  it(
    'plays a GameMaker client for a server that is not ours, and tells it why it leaves',
    withPage(path, async ({ page }) => {
      const server = new WebSocketServer({ host: local, port: 0 })
      const peers: PlainPeer[] = []
      server.on('connection', (socket) => peers.push(new PlainPeer(socket)))
      try {
        await until(() => server.address() !== null)
        const { port } = server.address() as AddressInfo
        const faults = [packet('00'.repeat(1_001)), 'ff', '']
        const played = page.play('outlive', local, port, faults.length, 'strictly')
        for (const [index, fault] of faults.entries()) {
          await until(() => peers.length > index)
          const peer = peers[index]!
          peer.send(`${greeting}ff`)
          assert.equal(await peer.take(1), [answer])
          peer.send(welcome + helloPacket)
          assert.equal(await peer.take(1), [packet(hex(`hello ${index}`))])
          if (fault === '') peer.socket.terminate()
          else peer.send(emptyPacket + fault)
        }
        const { reasons, told } = await played
        const { tooLarge, malformed, reset } = DisconnectReason
        assert.equal(reasons, [tooLarge, malformed, reset])
        assert.equal(
          told.map(({ type, size, text }) => (size === undefined ? type : [size, text])),
          [
            [5, 'hello'],
            NetworkType.disconnect,
            [5, 'hello'],
            [0, ''],
            NetworkType.disconnect,
            [5, 'hello'],
            NetworkType.disconnect,
          ],
        )
        await until(() => peers.every(({ code }) => code !== undefined))
        assert.equal(
          peers.map(({ code }) => code),
          [4009, 4002, 1006],
        )
        assert.equal(page.console, [])
      } finally {
        for (const { socket } of peers) socket.terminate()
        server.close()
      }
    }),
  )

  it(
    'has no other sockets, and says so',
    withPage(path, async ({ page }) => {
      const { unsupported } = NetworkError
      const three = [unsupported, unsupported, unsupported]
      const result = await page.play('make', [tcp, udp, SocketType.memory])
      assert.equal(result, { servers: three, sockets: three })
      assert.equal(
        page.console,
        ['createServer', 'createSocket'].flatMap((name) =>
          ['tcp', 'udp', 'memory'].map(
            (type) =>
              `warning: bitecs-networking: ${name}: there are no ${type} sockets here; this platform has ws, wss`,
          ),
        ),
      )
    }),
  )

  it(
    'has clients of WebSocket, but no servers',
    withPage(path, async ({ page }) => {
      const { servers, sockets } = await page.play('make', [ws, wss])
      assert.equal(servers, [NetworkError.unsupported, NetworkError.unsupported])
      assert.ok(sockets.every((socket) => socket > 0))
    }),
  )

  it('is closed with its browser', async () => {
    const [chromium] = await started!
    await chromium.close()
    assert.is(chromium.http.listening, false)
  })
})
