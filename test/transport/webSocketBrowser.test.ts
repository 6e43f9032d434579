import { createWorld } from 'bitecs'
import {
  closeNetwork,
  connectSocket,
  createSocket,
  DisconnectReason,
  NetworkError,
  NetworkSystem,
  NetworkType,
  sendRaw,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { ConnectionRecorder } from 'bitecs-networking/testing'
import { build } from 'esbuild'
import { runInNewContext } from 'node:vm'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import { platformTransports } from '../../src/transport/browser/platform.browser.ts'
import { ws, wss } from '../../src/transport/browser/webSocket.browser.ts'
import { recordEvents, typesOf } from '../lib/recordEvents.ts'
import { turns, until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import {
  connect,
  connectDefaults,
  Door,
  join,
  listenDefaults,
  withDoor,
  send,
} from './webSocketPeers.ts'

const mib = 1024 * 1024
const page = globalThis as { WebSocket?: unknown }

/** Runs with the `WebSocket` that a page would have; `ws` has the same interface. */
function inPage(run: () => Promise<void> | void, PageSocket: unknown = WebSocket) {
  return async (): Promise<void> => {
    const former = page.WebSocket
    page.WebSocket = PageSocket
    try {
      await run()
    } finally {
      page.WebSocket = former
    }
  }
}

/** A page's socket that does what it is told by the test. */
class PlayedSocket {
  static last: PlayedSocket
  readonly url: string
  readonly protocols: readonly string[]
  binaryType = 'blob'
  bufferedAmount = 0
  readyState = WebSocket.OPEN as number
  readonly sent: unknown[] = []
  readonly closeCodes: number[] = []
  readonly #listeners = new Map<string, (event: object) => void>()

  constructor(url: string, protocols: readonly string[]) {
    this.url = url
    this.protocols = protocols
    PlayedSocket.last = this
  }

  addEventListener(type: string, listener: (event: object) => void): void {
    this.#listeners.set(type, listener)
  }

  play(type: string, event: object = {}): void {
    this.#listeners.get(type)?.(event)
  }

  message(data: unknown): void {
    this.play('message', { data: data instanceof Uint8Array ? data.slice().buffer : data })
  }

  send(data: unknown): void {
    this.sent.push(data instanceof Uint8Array ? Buffer.from(data).toString('hex') : data)
  }

  close(code: number): void {
    if (code !== 1000 && !(code >= 3000 && code <= 4999)) throw new Error('InvalidAccessError')
    this.closeCodes.push(code)
  }
}

function play(options = {}): { heard: ConnectionRecorder; socket: PlayedSocket } {
  const heard = connect({ host: 'example.org', port: 9, ...options }, ws)
  return { heard, socket: PlayedSocket.last }
}

function playOpen(options = {}): { heard: ConnectionRecorder; socket: PlayedSocket } {
  const played = play(options)
  played.socket.play('open')
  return played
}

spec('WebSocket in a page', (it) => {
  it('is all that a page has', () => {
    assert.equal(
      platformTransports.map(({ type }) => type),
      [SocketType.ws, SocketType.wss],
    )
    for (const transport of platformTransports)
      assert.is(
        'listen' in transport && transport.listen(listenDefaults, new Door()),
        NetworkError.unsupported,
      )
  })

  it(
    'connects, and messages go both ways',
    inPage(() =>
      withDoor(
        async (door) => {
          const { client, server } = await join(door, { host: 'localhost', protocol: 'game' }, ws)
          const { connection } = client
          assert.is(connection!.remoteIp, 'localhost')
          assert.is(connection!.remotePort, door.port)
          assert.is(connection!.localPort, 0)
          assert.not.ok('ping' in connection!)
          const bytes = Buffer.from('0102efbbbf68c3a9', 'hex')
          connection!.write(bytes, { ends: [2, 2, 8], types: [1, 1, 2] })
          send(server, '0304')
          send(server, Buffer.from('hé'), 2)
          await until(() => client.messages.length === 2 && server.messages.length === 3)
          assert.equal(
            client.log.filter((entry) => entry !== 'drained'),
            ['opened', 'b:0304', 't:68c3a9'],
          )
          assert.equal(server.log, ['b:0102', 'b:', 't:efbbbf68c3a9'])
          server.connection!.close()
          await until(() => client.isOver)
          assert.is(client.log.at(-1), `ended ${DisconnectReason.closed}`)
        },
        { webSocket: { protocol: 'game' } },
      ),
    ),
  )

  it(
    'what waits to leave is told when it has left',
    inPage(() =>
      withDoor(
        async (door) => {
          const { client, server } = await join(door, {}, ws)
          server.connection!.pause()
          send(client, new Uint8Array(16 * mib))
          assert.ok(client.connection!.pendingBytes > 0)
          await turns(20)
          assert.equal(client.log, ['opened'])
          server.connection!.resume()
          await until(() => client.log.length === 2)
          assert.equal(client.log, ['opened', 'drained'])
          assert.is(client.connection!.pendingBytes, 0)
          client.connection!.close()
        },
        { messageBytesMax: 16 * mib },
      ),
    ),
  )

  it(
    'ends',
    inPage(() =>
      withDoor(async (door) => {
        for (const [end, reason] of [
          [
            (server: ConnectionRecorder) => server.connection!.close('goingAway'),
            DisconnectReason.closed,
          ],
          [(server: ConnectionRecorder) => server.connection!.reset(), DisconnectReason.reset],
        ] as const) {
          const { client, server } = await join(door, {}, ws)
          end(server)
          await until(() => client.isOver)
          assert.equal(client.log, ['opened', `ended ${reason}`])
        }
        const { client, server } = await join(door, {}, ws)
        client.connection!.close()
        await until(() => server.isOver)
        assert.equal(server.log, [`ended ${DisconnectReason.closed}`])
        assert.equal(client.log, ['opened'])
      }),
    ),
  )

  it(
    'why it fails stays hidden',
    inPage(async () => {
      const heard = connect({ port: 1 }, ws)
      await until(() => heard.isOver)
      assert.equal(heard.log, [`failed ${NetworkError.connectionClosed}`])
    }),
  )
})

spec('WebSocket in a page, played', (it) => {
  it(
    'the URL and the sub-protocol that are asked for',
    inPage(() => {
      const { socket } = play({ protocol: 'game' })
      assert.is(socket.url, 'ws://example.org:9/')
      assert.equal(socket.protocols, ['game'])
      assert.is(socket.binaryType, 'arraybuffer')
      wss.connect({ ...connectDefaults, host: '::1' }, new ConnectionRecorder())
      assert.is(PlayedSocket.last.url, 'wss://[::1]/')
      assert.equal(PlayedSocket.last.protocols, [])
    }, PlayedSocket),
  )

  it(
    'no URL: fails at once',
    inPage(() => {
      assert.equal(play({ host: 'http://h' }).heard.log, [`failed ${NetworkError.hostNotFound}`])
    }, PlayedSocket),
  )

  it(
    'a page without WebSocket',
    inPage(() => {
      // The class is asked for when it is needed.
      page.WebSocket = undefined
      assert.equal(connect({}, ws).log, [`failed ${NetworkError.unsupported}`])
    }),
  )

  it(
    'a page that came over https may not connect without TLS: fails, and nothing throws',
    inPage(
      () => {
        assert.equal(connect({}, ws).log, [`failed ${NetworkError.unsupported}`])
      },
      class extends PlayedSocket {
        constructor(url: string, protocols: readonly string[]) {
          super(url, protocols)
          throw new Error('SecurityError')
        }
      },
    ),
  )

  it(
    'a pause keeps what arrives, and the end behind it',
    inPage(async () => {
      const { heard, socket } = playOpen()
      heard.onReceived = () => heard.connection!.pause()
      socket.message(Uint8Array.of(1))
      socket.message('é')
      socket.message(Uint8Array.of(3))
      assert.equal(heard.log, ['opened', 'b:01'])
      heard.connection!.resume()
      assert.equal(heard.log, ['opened', 'b:01'], 'not before the caller is done')
      await turns()
      assert.equal(heard.log, ['opened', 'b:01', 't:c3a9'])
      socket.play('close', { code: 1000, wasClean: true })
      heard.onReceived = () => {}
      assert.is(heard.log.length, 3)
      heard.connection!.resume()
      await turns()
      assert.equal(heard.log, ['opened', 'b:01', 't:c3a9', 'b:03', 'ended 1'])
    }, PlayedSocket),
  )

  it(
    'a page whose peer has begun to close: it says so, and the end follows what is held, once',
    inPage(async () => {
      for (const readyState of [WebSocket.CLOSING, WebSocket.CLOSED]) {
        const { heard, socket } = playOpen()
        const { connection } = heard
        assert.is(connection!.isClosing!(), false)
        connection!.pause()
        socket.message(Uint8Array.of(1))
        socket.readyState = readyState
        assert.is(connection!.isClosing!(), true)
        assert.equal(heard.log, ['opened'], 'not before the caller is done')
        await turns()
        assert.equal(heard.log, ['opened'], 'not in a pause')
        connection!.resume()
        await turns()
        assert.equal(heard.log, ['opened', 'b:01', `ended ${DisconnectReason.closed}`])
        socket.play('close', { code: 1006, wasClean: false })
        assert.is(connection!.isClosing!(), true)
        await turns()
        assert.is(heard.log.length, 3)
      }
    }, PlayedSocket),
  )

  it(
    'what a game sends while its page is closing is notConnected, and the disconnect event follows',
    inPage(async () => {
      const world = createWorld()
      setNetworkConfig(world, { clientDisconnectEvents: true })
      const events = recordEvents(world)
      const client = createSocket(world, ws)
      const connecting = connectSocket(world, client, 'example.org', 9, { raw: true })
      const socket = PlayedSocket.last
      socket.play('open')
      assert.is(await connecting, client)
      assert.is(sendRaw(world, client, Uint8Array.of(1)), 1)
      NetworkSystem(world)
      socket.readyState = WebSocket.CLOSING
      assert.is(sendRaw(world, client, Uint8Array.of(2)), NetworkError.notConnected)
      assert.is(sendRaw(world, [client], Uint8Array.of(3)), 0)
      await turns()
      NetworkSystem(world)
      assert.equal(typesOf(events), [NetworkType.disconnect])
      assert.is(Socket(world).disconnectReason[client], DisconnectReason.closed)
      socket.play('close', { code: 1000, wasClean: true })
      NetworkSystem(world)
      assert.is(events.length, 1)
      assert.equal(socket.sent, ['01'])
      closeNetwork(world)
    }, PlayedSocket),
  )

  it(
    'a message above the limit ends it',
    inPage(() => {
      const { heard, socket } = playOpen({ messageBytesMax: 2 })
      socket.message(Uint8Array.of(1, 2))
      socket.message('éé')
      socket.message(Uint8Array.of(1))
      socket.play('close', { code: 1006, wasClean: false })
      assert.equal(heard.log, ['opened', 'b:0102', `ended ${DisconnectReason.tooLarge}`])
      assert.equal(socket.closeCodes, [4009])
      assert.is(heard.connection!.pendingBytes, 0)
    }, PlayedSocket),
  )

  it(
    'messages that wait are counted: with too many of them it ends behind those that came',
    inPage(async () => {
      for (const [message, messageBytesMax, count] of [
        [new Uint8Array(), 64 * 1024, 1024],
        ['', 2000, 1024],
        [Uint8Array.of(1), 4 * mib, 4096],
        [Uint8Array.of(1), 500, 500],
      ] as const) {
        const warnings: string[] = []
        const warned = (text: string): void => void warnings.push(text)
        const { heard, socket } = playOpen({ messageBytesMax, warned })
        heard.connection!.pause()
        for (let index = 0; index < count; index++) socket.message(message)
        assert.equal([socket.closeCodes, warnings], [[], []])
        for (let index = 0; index < 10; index++) socket.message(message)
        assert.equal(socket.closeCodes, [4009])
        assert.match(warnings.join(), `${count + 1} messages with `)
        heard.connection!.resume()
        await turns()
        assert.is(heard.log.length, count + 3)
        assert.is(heard.log.at(-1), `ended ${DisconnectReason.tooLarge}`)
      }
    }, PlayedSocket),
  )

  it(
    'bytes of any realm and view are taken, and what is neither bytes nor a text ends it',
    inPage(() => {
      const { heard, socket } = playOpen()
      const code = 'new Uint8Array([1, 2, 3]).buffer'
      const foreign: object = runInNewContext(code)
      assert.not(foreign instanceof ArrayBuffer)
      socket.play('message', { data: foreign })
      socket.play('message', { data: new DataView(Uint8Array.of(1, 2, 3).buffer, 1, 1) })
      socket.play('message', { data: new Blob(['abc']) })
      socket.message(Uint8Array.of(4))
      const end = `ended ${DisconnectReason.malformed}`
      assert.equal(heard.log, ['opened', 'b:010203', 'b:02', end])
      assert.equal(socket.closeCodes, [4002])
    }, PlayedSocket),
  )

  it(
    'closing tells the codes that a page may use, and nothing is heard any more',
    inPage(async () => {
      const { malformed, tooLarge, timedOut } = DisconnectReason
      const endings: readonly [(heard: ConnectionRecorder) => void, number][] = [
        [({ connection }) => connection!.close(), 1000],
        [({ connection }) => connection!.close('goingAway'), 1000],
        [({ connection }) => connection!.reset(), 4000],
        [({ connection }) => connection!.reset(timedOut), 4000],
        [({ connection }) => connection!.reset(malformed), 4002],
        [({ connection }) => connection!.reset(tooLarge), 4009],
      ]
      for (const [end, code] of endings) {
        const { heard, socket } = playOpen()
        heard.connection!.pause()
        socket.message(Uint8Array.of(1))
        end(heard)
        heard.connection!.resume()
        send(heard, '01')
        socket.message(Uint8Array.of(2))
        socket.play('close', { code: 1006, wasClean: false })
        await turns()
        assert.equal(heard.log, ['opened'])
        assert.equal(socket.closeCodes, [code])
        assert.equal(socket.sent, [])
      }
    }, PlayedSocket),
  )

  it(
    'closing while it connects',
    inPage(() => {
      const { heard, socket } = play()
      send(heard, '01')
      heard.connection!.reset()
      socket.play('close', { code: 1006, wasClean: false })
      assert.equal(heard.log, [])
      assert.equal(socket.sent, [])
      assert.equal(socket.closeCodes, [4000])
    }, PlayedSocket),
  )

  it(
    'looks for what has left only while something waits',
    inPage(async () => {
      const { heard, socket } = playOpen()
      socket.bufferedAmount = 1
      send(heard, '01')
      send(heard, '02')
      assert.is(heard.connection!.pendingBytes, 1)
      await turns(20)
      assert.equal(heard.log, ['opened'])
      socket.bufferedAmount = 0
      await until(() => heard.log.length === 2)
      await turns(20)
      assert.equal(heard.log, ['opened', 'drained'])
      assert.equal(socket.sent, ['01', '02'])
    }, PlayedSocket),
  )

  it(
    'a connection that ends looks no more',
    inPage(async () => {
      const { heard, socket } = playOpen()
      let looks = 0
      Object.defineProperty(socket, 'bufferedAmount', { get: () => ++looks })
      send(heard, '01')
      await until(() => looks > 3)
      socket.play('close', { code: 1006, wasClean: false })
      assert.equal(heard.log, ['opened', 'ended 2'])
      const before = looks
      const late = performance.now() + 50
      await until(() => performance.now() > late)
      assert.is(looks, before)
    }, PlayedSocket),
  )
})

spec('the bundle of a page', (it) => {
  it('has neither ws nor a module of Node', async () => {
    const { metafile } = await build({
      entryPoints: ['src/transport/browser/platform.browser.ts'],
      bundle: true,
      format: 'esm',
      platform: 'browser',
      write: false,
      metafile: true,
      packages: 'external',
    })
    const imports = Object.values(metafile.outputs).flatMap(({ imports }) => imports)
    assert.equal(imports, [])
  })
})
