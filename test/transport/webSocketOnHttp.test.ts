import { NetworkError } from 'bitecs-networking'
import { createServer as createHttpServer, get, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import * as assert from 'uvu/assert'
import { WebSocketServer } from 'ws'
import { ws } from '../../src/transport/node/webSocket.node.ts'
import { turns, until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import {
  closeRawPeers,
  connect,
  connectRaw,
  Door,
  frame,
  isLeft,
  join,
  listenDefaults,
  openDoor,
  rawClient,
  upgradeRequest,
  send,
  statusOf,
} from './webSocketPeers.ts'

async function withHttp(run: (http: Server, port: number) => Promise<void>): Promise<void> {
  const http = createHttpServer((request, response) => response.end(`page ${request.url}`))
  http.listen(0, '127.0.0.1')
  await until(() => http.listening)
  try {
    await run(http, (http.address() as AddressInfo).port)
  } finally {
    http.close()
    http.closeAllConnections()
    closeRawPeers()
  }
}

async function page(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ port, path, host: '127.0.0.1', agent: false }, (response) => {
      let body = ''
      response.on('data', (bytes: Buffer) => (body += bytes.toString()))
      response.on('end', () => resolve(body))
    }).on('error', reject)
  })
}

spec('a WebSocket server on an HTTP server of someone else', (it) => {
  it('beside normal requests; closing leaves nothing behind and their server as it was', () =>
    withHttp(async (http, port) => {
      const before = http.eventNames()
      const door = openDoor({ webSocket: { http } })
      assert.is(door.port, port)
      assert.is(door.listenings, 0)
      assert.is(await page(port, '/a'), 'page /a')
      const { client, server } = await join(door)
      send(client, '01')
      await until(() => server.messages.length === 1)
      door.listener!.close()
      assert.equal(http.eventNames(), before)
      assert.is(http.listenerCount('upgrade'), 0)
      assert.is(await page(port, '/b'), 'page /b')
      send(client, '02')
      await until(() => server.messages.length === 2)
      assert.ok(http.listening)
      door.close()
    }))

  it('that does not listen yet, which is warned of after some time', async () => {
    const timers = new Map<object, () => void>()
    const { setTimeout: set, clearTimeout: clear } = globalThis
    globalThis.setTimeout = ((run: () => void, ms: number) => {
      assert.is(ms, 5_000)
      const timer = { unref: () => timer }
      timers.set(timer, run)
      return timer
    }) as unknown as typeof set
    globalThis.clearTimeout = ((timer: object) => void timers.delete(timer)) as typeof clear
    const http = createHttpServer()
    try {
      const forgotten = openDoor({ webSocket: { http, path: '/a' } })
      const closed = openDoor({ webSocket: { http, path: '/b' } })
      const left = openDoor({ webSocket: { http, path: '/c' } })
      assert.is(timers.size, 3)
      closed.close()
      assert.is(timers.size, 2)
      for (const run of timers.values()) run()
      for (const door of [forgotten, left]) assert.match(door.warnings[0]!, /does not listen/)
      assert.equal(closed.warnings, [])
      http.emit('listening')
      assert.is(timers.size, 0)
      forgotten.close()
      left.close()
    } finally {
      globalThis.setTimeout = set
      globalThis.clearTimeout = clear
    }
  })

  it('that does not listen yet', async () => {
    const http = createHttpServer()
    const door = openDoor({ webSocket: { http } })
    assert.is(door.port, 0)
    http.listen(0, '127.0.0.1')
    await until(() => door.listenings === 1)
    assert.is(door.port, (http.address() as AddressInfo).port)
    await join(door)
    door.close()
    http.close()
  })

  it('that never listens while ours is there', async () => {
    const http = createHttpServer()
    const door = openDoor({ webSocket: { http } })
    door.listener!.close()
    http.listen(0, '127.0.0.1')
    await until(() => http.listening)
    assert.is(door.listenings, 0)
    http.close()
  })

  it('several paths, each with its own listener, and another library', () =>
    withHttp(async (http, port) => {
      const one = openDoor({ webSocket: { http, path: '/one' } })
      const two = openDoor({ webSocket: { http, path: '/two' } })
      const other = new WebSocketServer({ noServer: true })
      http.on('upgrade', (request, socket, head) => {
        if (request.url === '/other')
          other.handleUpgrade(request, socket, head, (socket) => socket.send('other'))
      })
      await join(two, { host: `ws://127.0.0.1:${port}/two`, port: 0 })
      await join(one, { host: `ws://127.0.0.1:${port}/one?x`, port: 0 })
      const client = connect({ host: `ws://127.0.0.1:${port}/other`, port: 0 })
      await until(() => client.messages.length === 1)
      assert.equal(client.log, ['opened', 't:6f74686572'])
      assert.is(one.rejections + two.rejections, 0)
      client.connection!.reset()
      one.close()
      two.close()
    }))

  it('a path that is not served gets 404 at once, and counts for no listener', () =>
    withHttp(async (http, port) => {
      const door = openDoor({ webSocket: { http, path: '/game' }, handshakeTimeoutMs: 60_000 })
      assert.is(await statusOf(port, upgradeRequest('/other')), 404)
      assert.is(await statusOf(port, upgradeRequest('/game/')), 404)
      assert.is(door.rejections, 0)
      assert.is(await page(port, '/other'), 'page /other')
      door.close()
    }))

  it('a path that is not served is left to other listeners, ended after a while, and its reset ends nothing else', () =>
    withHttp(async (http, port) => {
      const seen: (string | undefined)[] = []
      http.on('upgrade', ({ url }) => seen.push(url))
      const door = openDoor({ webSocket: { http, path: '/game' }, handshakeTimeoutMs: 100 })
      const peer = await connectRaw(port)
      peer.send(upgradeRequest('/other'))
      const resetting = await connectRaw(port)
      resetting.send(upgradeRequest('/other'))
      await turns()
      resetting.reset()
      await until(() => isLeft(peer))
      assert.is(peer.size, 0)
      assert.equal(seen, ['/other', '/other'])
      door.close()
    }))

  it('another listener that answers later than our time limit keeps its connection', () =>
    withHttp(async (http, port) => {
      const door = openDoor({ webSocket: { http, path: '/game' }, handshakeTimeoutMs: 1 })
      const other = new WebSocketServer({ noServer: true })
      http.once('upgrade', (request, socket, head) =>
        other.handleUpgrade(request, socket, head, (made) =>
          made.on('message', () => made.send('a')),
        ),
      )
      const peer = await rawClient(port, '/other')
      await turns(20)
      peer.send(frame(0x81, '31'))
      assert.is(await peer.take(3), '810161')
      door.close()
    }))

  it('wrong requests and origins are refused and counted', () =>
    withHttp(async (http, port) => {
      const door = openDoor({ webSocket: { http, origins: ['http://o'] } })
      assert.is(await statusOf(port, upgradeRequest('/', ['Origin: http://other'])), 403)
      const header = ['Origin: http://o']
      const wrong = Buffer.from(upgradeRequest('/', header)).toString().replace(': 13', ': 1')
      assert.is(await statusOf(port, wrong), 400)
      assert.is(door.rejections, 2)
      assert.is(await statusOf(port, upgradeRequest('/', header)), 101)
      door.close()
    }))

  for (const path of [undefined, '/game'])
    it(`a second listener for ${path ?? 'any path'} is refused, until the first is closed`, () =>
      withHttp(async (http, port) => {
        const first = openDoor({ webSocket: { http, path } })
        const second = new Door()
        const options = { ...listenDefaults, webSocket: { http, path } }
        assert.is(ws.listen(options, second), NetworkError.portUnavailable)
        assert.is(second.warnings.length, 1)
        assert.is(http.listenerCount('upgrade'), 1)
        const host = `ws://127.0.0.1:${port}/game`
        await join(first, { host, port: 0 })
        first.close()
        first.listener!.close()
        const third = openDoor({ webSocket: { http, path } })
        // Closing again ends nothing of the one that came after it.
        first.listener!.close()
        await join(third, { host, port: 0 })
        third.close()
        assert.is(http.listenerCount('upgrade'), 0)
      }))

  for (const order of ['first', 'last'])
    it(`a listener for any path, made ${order}, takes what is left by those that have one`, () =>
      withHttp(async (http, port) => {
        const general = order === 'first' ? openDoor({ webSocket: { http } }) : undefined
        const game = openDoor({ webSocket: { http, path: '/game' } })
        const rest = general ?? openDoor({ webSocket: { http } })
        await join(game, { host: `ws://127.0.0.1:${port}/game?x`, port: 0 })
        await join(rest, { host: `ws://127.0.0.1:${port}/other`, port: 0 })
        assert.is(game.heard.length + rest.heard.length, 2)
        game.close()
        await join(rest, { host: `ws://127.0.0.1:${port}/game`, port: 0 })
        rest.close()
      }))

  it('the same path on two HTTP servers', () =>
    withHttp((one, port) =>
      withHttp(async (two) => {
        const first = openDoor({ webSocket: { http: one, path: '/game' } })
        const second = openDoor({ webSocket: { http: two, path: '/game' } })
        await join(first, { host: `ws://127.0.0.1:${port}/game`, port: 0 })
        first.close()
        second.close()
      }),
    ))

  it('a library that answers for a path of ours first: it keeps the connection, and nothing throws', () =>
    withHttp(async (http, port) => {
      const other = new WebSocketServer({ noServer: true })
      http.on('upgrade', (request, socket, head) =>
        other.handleUpgrade(request, socket, head, (made) => made.send('other')),
      )
      const door = openDoor({ webSocket: { http } })
      const client = connect({ host: `ws://127.0.0.1:${port}/`, port: 0 })
      await until(() => client.messages.length === 1)
      assert.is(door.warnings.length, 1)
      assert.is(door.heard.length, 0)
      client.connection!.reset()
      door.close()
    }))
})
