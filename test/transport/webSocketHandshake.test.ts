import { NetworkError } from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { handshakesMax } from '../../src/transport/node/handshakesMax.ts'
import { ws, wss } from '../../src/transport/node/webSocket.node.ts'
import { type RawPeer } from '../lib/RawPeer.ts'
import { turns, until } from '../lib/until.ts'
import { figure } from '../lib/row.ts'
import { spec } from '../spec.ts'
import {
  closeRawPeers,
  connect,
  connectRaw,
  Door,
  frame,
  isLeft,
  join,
  keyAnswer,
  listenDefaults,
  openDoor,
  rawClient,
  takeHead,
  upgradeRequest,
  withDoor,
  ask,
  statusOf,
} from './webSocketPeers.ts'

spec('a WebSocket server of its own port', (it) => {
  it('answers the handshake of RFC 6455 section 1.3', () =>
    withDoor(async (door) => {
      const peer = await connectRaw(door.port)
      peer.send(upgradeRequest())
      assert.is(
        await takeHead(peer),
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${keyAnswer}\r\n\r\n`,
      )
      const { connection } = await door.accept()
      assert.is(connection!.remoteIp, '127.0.0.1')
      assert.is(connection!.remotePort, peer.localPort)
      assert.is(connection!.localPort, door.port)
      assert.is(door.rejections, 0)
      peer.close()
    }))

  it('takes bytes behind the request as the first message', () =>
    withDoor(async (door) => {
      const peer = await connectRaw(door.port)
      peer.send(Buffer.concat([upgradeRequest(), Buffer.from(frame(0x82, '0102'), 'hex')]))
      const heard = await door.accept()
      await until(() => heard.messages.length > 0)
      assert.equal(heard.log, ['b:0102'])
      peer.close()
    }))

  it('a handshake byte by byte', () =>
    withDoor(async (door) => {
      const peer = await connectRaw(door.port)
      for (const byte of upgradeRequest()) {
        peer.send(Uint8Array.of(byte))
        await turns(1)
      }
      await door.accept()
      peer.close()
    }))

  it('answers anything else with an error, ends the connection and counts it', () =>
    withDoor(async (door) => {
      const { port } = door
      assert.match(await ask(port, 'GET / HTTP/1.1\r\nHost: h\r\n\r\n'), /^HTTP\/1\.1 426 /)
      assert.is(
        await statusOf(port, 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n'),
        426,
      )
      assert.is(await statusOf(port, '\x16\x03\x01 no http\r\n\r\n'), 400)
      assert.is(await statusOf(port, `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`), 431)
      const text = Buffer.from(upgradeRequest()).toString()
      assert.is(await statusOf(port, text.replace('GET', 'PUT')), 405)
      assert.is(await statusOf(port, text.replace('Version: 13', 'Version: 7')), 400)
      assert.is(await statusOf(port, text.replace(/Sec-WebSocket-Key.*\r\n/, '')), 400)
      assert.is(await statusOf(port, text.replace('Upgrade: websocket', 'Upgrade: h2c')), 400)
      await until(() => door.rejections === 8)
      assert.equal(door.heard, [])
    }))

  it('counts who leaves before the handshake', () =>
    withDoor(async (door) => {
      const silent = await connectRaw(door.port)
      const half = await connectRaw(door.port)
      half.send(upgradeRequest().subarray(0, 30))
      await turns()
      silent.close()
      half.reset()
      await until(() => door.rejections === 2)
    }))

  it('a port that is taken', () =>
    withDoor(async ({ port }) => {
      assert.is(ws.listen({ ...listenDefaults, port }, new Door()), NetworkError.portUnavailable)
      assert.is(
        wss.listen({ ...listenDefaults, port }, new Door()),
        NetworkError.unsupported,
        'a certificate comes first',
      )
    }))

  it('with a host, tells when it listens', () =>
    withDoor(
      async (door) => {
        assert.is(door.port, 0)
        await until(() => door.listenings === 1)
        const peer = await rawClient(door.port)
        await door.accept()
        peer.close()
      },
      { host: '127.0.0.1' },
    ))

  it('with a host, tells when it cannot', () =>
    withDoor(async ({ port }) => {
      const door = openDoor({ host: '127.0.0.1', port })
      await until(() => door.failures.length > 0)
      assert.equal(door.failures, [NetworkError.portUnavailable])
      assert.is(door.port, 0)
    }))

  it('who does not finish the handshake in time is ended', () =>
    withDoor(
      async (door) => {
        const start = performance.now()
        const silent = await connectRaw(door.port)
        const slow = await connectRaw(door.port)
        const timer = setInterval(() => slow.send('41'), 100)
        slow.send(Buffer.from('GET / HTTP/1.1\r\nX: '))
        await until(() => isLeft(silent) && isLeft(slow))
        clearInterval(timer)
        // A timer begins with the time of its turn of the loop, which is a little before this one.
        assert.ok(performance.now() - start >= 200)
        await until(() => door.rejections === 2)
      },
      { handshakeTimeoutMs: 300 },
    ))

  it('closing takes no more and lets those go on that are there', async () => {
    const door = openDoor()
    const { port } = door
    const pending = await connectRaw(port)
    pending.send(upgradeRequest().subarray(0, 30))
    const peer = await rawClient(port)
    const heard = await door.accept()
    await turns()
    door.listener!.close()
    await until(() => isLeft(pending))
    peer.send(frame(0x82, '01'))
    await until(() => heard.messages.length === 1)
    const late = await connectRaw(port)
    await until(() => late.isClosed)
    assert.is(late.error, 'ECONNREFUSED')
    assert.is(door.rejections, 0)
    assert.equal(heard.log, ['b:01'])
    door.close()
    closeRawPeers()
  })

  it('connections that say nothing lock nobody out: beyond the limit the oldest is closed', () =>
    withDoor(async (door) => {
      const silent: RawPeer[] = []
      while (silent.length < handshakesMax()) silent.push(await connectRaw(door.port))
      await turns()
      assert.is(door.rejections, 0)
      const peer = await rawClient(door.port)
      await door.accept()
      await until(() => isLeft(silent[0]!))
      assert.is(door.rejections, 1)
      assert.is(silent.filter(isLeft).length, 1)
      // The upgrade has left room for one.
      silent.push(await connectRaw(door.port))
      await turns()
      assert.is(door.rejections, 1)
      for (const { socket } of silent) socket.destroy()
      await until(() => door.rejections === handshakesMax() + 1)
      peer.close()
    }))
})

spec('paths and sub-protocols', (it) => {
  it('only the path that is served, with any query', () =>
    withDoor(
      async (door) => {
        assert.is(await statusOf(door.port, upgradeRequest('/game')), 101)
        assert.is(await statusOf(door.port, upgradeRequest('/game?x=/y')), 101)
        for (const path of ['/', '/game/', '/Game', '/games', '/?/game', '//game'])
          assert.is(await statusOf(door.port, upgradeRequest(path)), 404, path)
        await until(() => door.rejections === 6)
        assert.is(door.heard.length, 2)
      },
      { webSocket: { path: '/game' } },
    ))

  const matrix: readonly [string | undefined, string | undefined, string | undefined][] = [
    [undefined, undefined, undefined],
    [undefined, 'a', 'a'],
    [undefined, 'a, b', 'a'],
    ['', 'b, a', 'b'],
    ['b', 'a, b', 'b'],
    ['b', 'b', 'b'],
    ['b', 'a', undefined],
    ['b', 'B', undefined],
    ['b', undefined, undefined],
  ]
  for (const [protocol, offered, chosen] of matrix)
    it(`configured ${protocol ?? '–'}, offered ${offered ?? '–'}: ${chosen ?? 'none'}`, () =>
      withDoor(
        async ({ port }) => {
          const header = offered === undefined ? [] : [`Sec-WebSocket-Protocol: ${offered}`]
          const head = await ask(port, upgradeRequest('/', header))
          assert.is(/Sec-WebSocket-Protocol: (.*)\r/.exec(head)?.[1], chosen)
          assert.match(head, ' 101 ')
        },
        { webSocket: { protocol } },
      ))

  it('our client offers one, and fails where it is not taken', () =>
    withDoor(
      async (door) => {
        await join(door, { protocol: 'game' })
        const other = connect({ port: door.port, protocol: 'chat' })
        await until(() => other.isOver)
        assert.equal(other.log, [`failed ${NetworkError.handshakeFailed}`])
      },
      { webSocket: { protocol: 'game' } },
    ))
})

spec('origins and cookies', (it) => {
  const listed = ['https://example.org', 'http://localhost:8080', 'null']
  const matrix: readonly [readonly string[] | undefined, string | undefined, boolean][] = [
    [undefined, 'https://evil.example', true],
    [undefined, undefined, true],
    [[], 'https://example.org', false],
    [[], undefined, true],
    [listed, 'https://example.org', true],
    [listed, 'http://localhost:8080', true],
    [listed, 'null', true],
    [listed, 'http://example.org', false],
    [listed, 'https://example.org:443', false],
    [listed, 'https://example.org.evil.example', false],
    [listed, 'https://EXAMPLE.org', false],
    [listed, 'https://example.org/', false],
    [listed, 'https://example.org\r\nOrigin: https://evil.example', false],
    [listed, '', false],
    [listed, undefined, true],
  ]
  figure('R-22', `${matrix.length} cases of the list of origins`)
  for (const [origins, origin, isWelcome] of matrix)
    it(`${origins === undefined ? 'no list' : origins.join()}: ${JSON.stringify(origin)} ${isWelcome ? 'may' : 'may not'}`, () =>
      withDoor(
        async (door) => {
          const header = origin === undefined ? [] : [`Origin: ${origin}`]
          assert.is(await statusOf(door.port, upgradeRequest('/', header)), isWelcome ? 101 : 403)
          await until(() => door.rejections === (isWelcome ? 0 : 1))
          assert.is(door.heard.length, isWelcome ? 1 : 0)
        },
        { webSocket: { origins } },
      ))

  it('the origin of version 8 has another name', () =>
    withDoor(
      async ({ port }) => {
        for (const [origin, status] of [
          ['https://example.org', 101] as const,
          ['null', 403] as const,
        ]) {
          const request = upgradeRequest('/', [`Sec-WebSocket-Origin: ${origin}`])
          const old = Buffer.from(request).toString().replace('Version: 13', 'Version: 8')
          assert.is(await statusOf(port, old), status)
        }
      },
      { webSocket: { origins: ['https://example.org'] } },
    ))

  it('cookies without a list are worth one warning', () =>
    withDoor(async (door) => {
      const header = ['Cookie: session=secret']
      for (let count = 0; count < 2; count++) {
        const peer = await rawClient(door.port, '/', header)
        await door.accept()
        peer.close()
      }
      assert.is(door.warnings.length, 1)
      assert.match(door.warnings[0]!, /origins/)
      assert.not.match(door.warnings[0]!, /secret/)
    }))

  it('with a list they are none of our business', () =>
    withDoor(
      async (door) => {
        const peer = await rawClient(door.port, '/', ['Cookie: a=b', 'Origin: http://o'])
        await door.accept()
        assert.equal(door.warnings, [])
        peer.close()
      },
      { webSocket: { origins: ['http://o'] } },
    ))
})
