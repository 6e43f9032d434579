import { query } from 'bitecs'
import {
  AcceptedBy,
  destroySocket,
  DisconnectReason,
  MessageType,
  NetworkError,
  NetworkType,
  onNetworking,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { createServer as createHttpsServer, type ServerOptions as HttpsOptions } from 'node:https'
import * as assert from 'uvu/assert'
import { localCertificate } from '../lib/certificates.ts'
import { messagesOf } from '../lib/recordEvents.ts'
import { until } from '../lib/until.ts'
import { findChromium } from './programs.ts'
import { specWith } from '../lib/specWith.ts'
import { closePage, withPage } from './withPage.ts'
import { echo } from './withWebSocket.ts'

const { ws, wss } = SocketType
const local = '127.0.0.1'

/** Around the limits of the header and of frames. */
const sizes = [0, 1, 12, 113, 114, 65_523, 65_524, 90_000, 2 ** 20]

const hex = (text: string): string => Buffer.from(text).toString('hex')

/** What Chromium writes to the console when a connection fails. */
const failure = (port: number, reason: string): string =>
  `WebSocket connection to 'ws://${local}:${port}/' failed: ${reason}`

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
    'is refused by a port that nobody listens on, by an origin list, and by a full server',
    withPage(path, async ({ page, net, host }) => {
      const refusing = await net.refusingPort()
      const strict = host({ origins: ['https://example.org'] })
      const full = host({ maxClients: 0 })
      for (const port of [refusing, strict.port, full.port]) {
        const { told, ...rest } = await page.play('fail', local, port, 5_000)
        const error = NetworkError.connectionClosed
        assert.equal(rest, { result: error, shown: error, state: ['Disconnected'] })
        assert.equal(told, [
          {
            type: NetworkType.nonBlockingConnect,
            isSocket: true,
            ip: local,
            port,
            succeeded: 0,
          },
        ])
      }
      assert.equal(page.console, [
        `error: ${failure(refusing, 'Error in connection establishment: net::ERR_CONNECTION_REFUSED')}`,
        `error: ${failure(strict.port, 'Error during WebSocket handshake: Unexpected response code: 403')}`,
        `error: ${failure(full.port, 'Error during WebSocket handshake: Unexpected response code: 503')}`,
      ])
      assert.equal([...strict.events, ...full.events], [])
      assert.is(Socket(full.world).refused[full.server], 1)
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

  it('is closed with its browser', closePage)
})
