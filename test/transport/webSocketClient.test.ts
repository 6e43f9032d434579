import { NetworkError } from 'bitecs-networking'
import { type AddressInfo } from 'node:net'
import * as assert from 'uvu/assert'
import { type WebSocket, WebSocketServer } from 'ws'
import { wss } from '../../src/transport/node/webSocket.node.ts'
import { RawListener } from '../lib/RawListener.ts'
import { turns, until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { connect, isLeft, join, openDoor, takeHead, withDoor, send } from './webSocketPeers.ts'

spec('a WebSocket client', (it) => {
  it('connects and knows both ends', () =>
    withDoor(async (door) => {
      const { client, server } = await join(door)
      assert.is(client.connection!.remoteIp, '127.0.0.1')
      assert.is(client.connection!.remotePort, door.port)
      assert.is(client.connection!.localPort, server.connection!.remotePort)
    }))

  for (const host of ['localhost', '::1', '[::1]', 'ws://127.0.0.1/any?thing'])
    it(`to ${host}`, () =>
      withDoor(async (door) => {
        await join(door, { host })
      }))

  it('with the secure socket type a plain server is refused', () =>
    withDoor(async (door) => {
      const heard = connect({ port: door.port }, wss)
      await until(() => heard.isOver)
      assert.equal(heard.log, [`failed ${NetworkError.handshakeFailed}`])
    }))

  const failures: readonly [string, string, NetworkError][] = [
    ['no URL', 'http://127.0.0.1', NetworkError.hostNotFound],
    ['a name with a NUL byte', 'a\0b', NetworkError.hostNotFound],
    ['a name that does not exist', 'does-not-exist.invalid', NetworkError.hostNotFound],
  ]
  for (const [title, host, error] of failures)
    it(`fails for ${title}`, async () => {
      const heard = connect({ host, port: 9 })
      await until(() => heard.isOver)
      assert.equal(heard.log, [`failed ${error}`])
    })

  it('fails where nobody listens', async () => {
    const door = openDoor()
    const { port } = door
    door.close()
    const heard = connect({ port })
    await until(() => heard.isOver)
    assert.equal(heard.log, [`failed ${NetworkError.refused}`])
  })

  const answers: readonly [string, string, NetworkError][] = [
    ['404', 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n', NetworkError.handshakeFailed],
    [
      'a redirect',
      'HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:1/\r\n\r\n',
      NetworkError.handshakeFailed,
    ],
    [
      'a wrong accept key',
      'HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n',
      NetworkError.handshakeFailed,
    ],
    [
      'another upgrade',
      'HTTP/1.1 101 S\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n',
      NetworkError.handshakeFailed,
    ],
    ["GameMaker's greeting", 'GM:Studio-Connect\0', NetworkError.handshakeFailed],
  ]
  for (const [title, answer, error] of answers)
    it(`fails for ${title}`, async () => {
      const listener = await RawListener.listen()
      const heard = connect({ port: listener.port })
      const peer = await listener.accept()
      await takeHead(peer)
      peer.send(Buffer.from(answer))
      await until(() => heard.isOver)
      assert.equal(heard.log, [`failed ${error}`])
      await until(() => isLeft(peer))
      listener.close()
    })

  it('fails where the connection ends without an answer', async () => {
    const listener = await RawListener.listen()
    for (const end of ['end', 'reset'] as const) {
      const heard = connect({ port: listener.port })
      const peer = await listener.accept()
      await takeHead(peer)
      peer[end]()
      await until(() => heard.isOver)
      assert.equal(heard.log, [`failed ${NetworkError.connectionClosed}`])
    }
    listener.close()
  })

  it('gives up when the time is over, however slowly an answer comes', async () => {
    const listener = await RawListener.listen()
    const heard = connect({ port: listener.port, timeoutMs: 300 })
    const peer = await listener.accept()
    peer.send(Buffer.from('HTTP/1.1 101 S\r\n'))
    const timer = setInterval(() => peer.send(Buffer.from('X: y\r\n')), 50)
    await until(() => heard.isOver)
    clearInterval(timer)
    assert.equal(heard.log, [`failed ${NetworkError.timedOut}`])
    await until(() => isLeft(peer))
    listener.close()
  })

  for (const end of ['close', 'reset'] as const)
    it(`${end} while it connects: nothing is told, and the connection ends`, async () => {
      const listener = await RawListener.listen()
      const early = connect({ port: listener.port })
      early.connection![end]()
      const heard = connect({ port: listener.port })
      const peer = await listener.accept()
      await turns()
      heard.connection![end]()
      await until(() => isLeft(peer))
      await turns()
      assert.equal(heard.log, [])
      assert.equal(early.log, [])
      heard.connection![end]()
      listener.close()
    })

  it('what is called before it is open does nothing', async () => {
    const listener = await RawListener.listen()
    const heard = connect({ port: listener.port })
    const connection = heard.connection!
    send(heard, '01')
    connection.pause()
    connection.resume()
    connection.ping!()
    assert.is(connection.pendingBytes, 0)
    assert.equal([connection.remoteIp, connection.remotePort, connection.localPort], ['', 0, 0])
    connection.reset()
    listener.close()
  })

  it('a plain ws server hears it', async () => {
    const server = new WebSocketServer({ port: 0 })
    const heard = connect({ port: (server.address() as AddressInfo).port })
    const texts: string[] = []
    server.on('connection', (socket: WebSocket) => {
      assert.is(socket.extensions, '')
      socket.on('message', (data: Buffer, isBinary) => {
        texts.push(isBinary ? data.toString('hex') : data.toString())
        socket.send(data, { binary: isBinary })
      })
    })
    await until(() => heard.log.length > 0)
    send(heard, '0102')
    send(heard, Buffer.from('hé'), 2)
    await until(() => heard.messages.length === 2)
    assert.equal(texts, ['0102', 'hé'])
    assert.equal(heard.log, ['opened', 'b:0102', 't:68c3a9'])
    heard.connection!.close()
    server.close()
  })
})
