import { NetworkError } from 'bitecs-networking'
import { once } from 'node:events'
import { createServer as createHttpsServer, get } from 'node:https'
import { type AddressInfo, connect as connectTcp } from 'node:net'
import { connect as connectTls } from 'node:tls'
import * as assert from 'uvu/assert'
import { type Certificate } from '../../src/transport/Transport.ts'
import { ws, wss } from '../../src/transport/node/webSocket.node.ts'
import {
  authority,
  elsewhereCertificate,
  expiredCertificate,
  localCertificate,
  selfSignedCertificate,
} from '../lib/certificates.ts'
import { RawListener } from '../lib/RawListener.ts'
import { turns, until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import {
  connect,
  connectRaw,
  Door,
  isLeft,
  join,
  listenDefaults,
  openDoor,
  rawClient,
  takeHead,
  withDoor,
  send,
} from './webSocketPeers.ts'

const mib = 1024 * 1024
const secure = { certificate: localCertificate }

spec('WebSocket over TLS', (it) => {
  for (const host of ['127.0.0.1', 'localhost', '[::1]', 'wss://localhost/path'])
    it(`connects to ${host}, both ways`, () =>
      withDoor(
        async (door) => {
          const { client, server } = await join(door, { host, ca: authority }, wss)
          send(client, '0102')
          send(server, Buffer.from('hé'), 2)
          // TLS never takes anything at once.
          await until(() => client.log.length === 3 && server.log.length === 2)
          assert.equal(client.log.toSorted(), ['drained', 'opened', 't:68c3a9'])
          assert.equal(server.log.toSorted(), ['b:0102', 'drained'])
          const ip = host.includes('::') ? '::1' : client.connection!.remoteIp
          assert.is(client.connection!.remoteIp, ip)
          assert.is(client.connection!.remotePort, door.port)
          assert.is(server.connection!.remotePort, client.connection!.localPort)
          client.connection!.ping!()
          await until(() => client.log.includes('alive'))
          server.connection!.close()
          await until(() => client.isOver)
          assert.is(client.log.at(-1), 'ended 1')
        },
        secure,
        wss,
      ))

  it('a ws socket takes a wss URL, and certificates as bytes', () =>
    withDoor(
      async (door) => {
        const host = `wss://127.0.0.1:${door.port}/`
        await join(door, { host, port: 0, ca: Buffer.from(authority) })
      },
      {
        certificate: {
          cert: new TextEncoder().encode(localCertificate.cert as string),
          key: new TextEncoder().encode(localCertificate.key as string),
        },
      },
      wss,
    ))

  it('large messages, back-pressure and every end', () =>
    withDoor(
      async (door) => {
        for (const end of ['close', 'reset'] as const) {
          const { client, server } = await join(
            door,
            { ca: authority, messageBytesMax: 8 * mib },
            wss,
          )
          client.connection!.pause()
          send(server, new Uint8Array(6 * mib))
          await turns(10)
          assert.ok(server.connection!.pendingBytes > 0)
          client.connection!.resume()
          await until(() => client.messages.length === 1 && server.log.length === 1)
          assert.equal(server.log, ['drained'])
          assert.is(server.connection!.pendingBytes, 0)
          client.connection![end]()
          await until(() => server.isOver)
          assert.is(server.log.at(-1), end === 'close' ? 'ended 1' : 'ended 2')
          assert.is(client.log.length, 2)
        }
      },
      secure,
      wss,
    ))

  it('on an HTTPS server of someone else, beside normal requests', async () => {
    const http = createHttpsServer(
      { cert: localCertificate.cert as string, key: localCertificate.key as string },
      (_request, response) => response.end('page'),
    )
    http.listen(0, '127.0.0.1')
    await until(() => http.listening)
    const { port } = http.address() as AddressInfo
    const door = openDoor({ webSocket: { http } }, wss)
    await join(door, { ca: authority }, wss)
    let body = ''
    get({ port, host: '127.0.0.1', agent: false, ca: authority }, (response) =>
      response.on('data', (bytes: Buffer) => (body += bytes.toString())),
    )
    await until(() => body === 'page')
    door.close()
    assert.ok(http.listening)
    http.close()
  })
})

spec('certificates', (it) => {
  const cases: readonly [string, Certificate, string | undefined, string, NetworkError][] = [
    ['self-signed', selfSignedCertificate, authority, '127.0.0.1', NetworkError.untrusted],
    ['of an unknown authority', localCertificate, undefined, '127.0.0.1', NetworkError.untrusted],
    ['for another name', elsewhereCertificate, authority, 'localhost', NetworkError.untrusted],
    ['for another address', elsewhereCertificate, authority, '127.0.0.1', NetworkError.untrusted],
    ['that has expired', expiredCertificate, authority, '127.0.0.1', NetworkError.untrusted],
  ]
  for (const [title, certificate, ca, host, error] of cases)
    it(`${title}: not trusted`, () =>
      withDoor(
        async (door) => {
          const heard = connect({ host, port: door.port, ca }, wss)
          await until(() => heard.isOver)
          await turns()
          assert.equal(heard.log, [`failed ${error}`])
          assert.is(door.heard.length, 0)
          await until(() => door.rejections === 1)
        },
        { certificate },
        wss,
      ))

  it('one that is self-signed can be trusted by name', () =>
    withDoor(
      async (door) => {
        await join(door, { ca: selfSignedCertificate.cert }, wss)
      },
      { certificate: selfSignedCertificate },
      wss,
    ))

  for (const ca of [
    '',
    'no certificate',
    `${authority.slice(0, 100)}\n-----END CERTIFICATE-----\n`,
  ])
    it(`${JSON.stringify(ca.slice(0, 20))} to trust: fails, and nothing throws`, () =>
      withDoor(
        async (door) => {
          const heard = connect({ port: door.port, ca }, wss)
          await until(() => heard.isOver)
          assert.equal(heard.log, [`failed ${NetworkError.untrusted}`])
        },
        secure,
        wss,
      ))

  const { cert, key } = localCertificate
  const unusable: readonly [string, Certificate][] = [
    ['no PEM', { cert: 'x', key: 'y' }],
    ['empty', { cert: '', key: '' }],
    ['an empty key', { cert, key: '' }],
    ['a key of another', { cert, key: expiredCertificate.key }],
    ['swapped', { cert: key, key: cert }],
    ['bytes that are no text', { cert: Uint8Array.of(0, 255), key: Uint8Array.of(1) }],
  ]
  for (const [title, certificate] of unusable)
    it(`a server with ${title} cannot listen, and nothing throws`, () => {
      const door = new Door()
      assert.is(wss.listen({ ...listenDefaults, certificate }, door), NetworkError.untrusted)
      assert.is(door.warnings.length, 1)
      assert.not.match(door.warnings[0]!, 'PRIVATE')
    })

  it('a server with none cannot listen', () => {
    assert.is(wss.listen(listenDefaults, new Door()), NetworkError.unsupported)
  })

  it('a port that is taken', () =>
    withDoor(
      async ({ port }) => {
        const again = wss.listen({ ...listenDefaults, ...secure, port }, new Door())
        assert.is(again, NetworkError.portUnavailable)
      },
      secure,
      wss,
    ))
})

spec('TLS and plain TCP mixed', (it) => {
  it('a plain client at a secure server', () =>
    withDoor(
      async (door) => {
        const heard = connect({ port: door.port }, ws)
        await until(() => heard.isOver)
        // Node's server says nothing, it hangs up.
        assert.equal(heard.log, [`failed ${NetworkError.connectionClosed}`])
        await until(() => door.rejections === 1)
      },
      secure,
      wss,
    ))

  it('a secure client at a plain server', () =>
    withDoor(async (door) => {
      const heard = connect({ port: door.port }, wss)
      await until(() => heard.isOver)
      assert.equal(heard.log, [`failed ${NetworkError.handshakeFailed}`])
      await until(() => door.rejections === 1)
    }))

  it("a secure client at GameMaker's TCP", async () => {
    const listener = await RawListener.listen()
    const heard = connect({ port: listener.port }, wss)
    const peer = await listener.accept()
    peer.send(Buffer.from('GM:Studio-Connect\0'))
    await until(() => heard.isOver)
    assert.equal(heard.log, [`failed ${NetworkError.handshakeFailed}`])
    listener.close()
  })

  it('a secure client whose server says nothing', async () => {
    const listener = await RawListener.listen()
    const heard = connect({ port: listener.port, timeoutMs: 200 }, wss)
    await until(() => heard.isOver)
    assert.equal(heard.log, [`failed ${NetworkError.timedOut}`])
    listener.close()
  })

  it('garbage, silence and half a handshake are ended and counted; others connect meanwhile', () =>
    withDoor(
      async (door) => {
        const silent = await connectRaw(door.port)
        const garbage = await connectRaw(door.port)
        garbage.send('00'.repeat(100))
        const resetting = await connectRaw(door.port)
        await turns()
        resetting.reset()
        const half = connectTls({ port: door.port, host: '127.0.0.1', ca: authority })
        half.on('error', () => {}).resume()
        half.on('secureConnect', () => half.write('GET / HTTP/1.1\r\n'))
        await join(door, { ca: authority }, wss)
        await until(() => isLeft(silent) && isLeft(garbage) && half.destroyed)
        await until(() => door.rejections === 4)
        assert.is(door.heard.length, 1)
      },
      { ...secure, handshakeTimeoutMs: 400 },
      wss,
    ))

  it('a standstill of the server does not end who shakes hands', () =>
    withDoor(
      async (door) => {
        const socket = connectTcp(door.port, '127.0.0.1')
        await once(socket, 'connect')
        await turns()
        const end = performance.now() + 1_500
        while (performance.now() < end);
        const late = connectTls({ socket, ca: authority, servername: 'localhost' })
        let failure: Error | undefined
        late.on('error', (error) => (failure = error))
        await until(() => late.authorized || failure !== undefined || late.destroyed)
        assert.is(failure, undefined)
        assert.is(door.rejections, 0)
        late.destroy()
      },
      { ...secure, handshakeTimeoutMs: 1_000 },
      wss,
    ))

  it('closing ends who is in the middle of it', async () => {
    const door = openDoor(secure, wss)
    const silent = await connectRaw(door.port)
    const half = connectTls({ port: door.port, host: '127.0.0.1', ca: authority })
    half.on('error', () => {}).resume()
    await until(() => half.authorized)
    const { client, server } = await join(door, { ca: authority }, wss)
    door.listener!.close()
    await until(() => isLeft(silent) && half.destroyed)
    send(client, '01')
    await until(() => server.messages.length === 1)
    assert.is(door.rejections, 0)
    door.close()
    silent.close()
    await until(() => client.isOver)
  })

  it('a raw client at a plain server still works', () =>
    withDoor(async (door) => {
      await rawClient(door.port)
      await door.accept()
      const peer = await connectRaw(door.port)
      peer.send(Buffer.from('GET / HTTP/1.1\r\nHost: h\r\n\r\n'))
      assert.match(await takeHead(peer), ' 426 ')
    }))
})
