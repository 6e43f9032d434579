import { createServer } from 'node:http'
import { type AddressInfo, type Socket } from 'node:net'
import * as assert from 'uvu/assert'
import { WebSocket, WebSocketServer } from 'ws'
import { HandshakeSocket } from '../../src/transport/node/HandshakeSocket.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

/** What listens to the bytes and the end of a network socket. */
function listenersOf(socket: Socket): number {
  return ['data', 'end', 'close'].reduce((sum, name) => sum + ofOthers(socket, name), 0)
}

/** Node's own listeners are there on every network socket. */
function ofOthers(socket: Socket, name: string): number {
  return socket
    .listeners(name)
    .filter((each) => !/^on(?:ReadableStreamEnd|SocketEnd)?$/.test(each.name)).length
}

// A later `ws` that hands the network socket over in another way fails here first.
spec('the network socket of a WebSocket, once its handshake is done', (it) => {
  it('is free of ws on a server, with what has arrived behind the request', async () => {
    const server = new WebSocketServer({ noServer: true, WebSocket: HandshakeSocket })
    const http = createServer().listen(0, '127.0.0.1')
    const made: HandshakeSocket[] = []
    let socket: Socket | undefined
    http.on('upgrade', (request, stream, head) => {
      socket = stream as Socket
      server.handleUpgrade(request, stream, Buffer.concat([head, Buffer.of(7)]), (webSocket) =>
        made.push(webSocket),
      )
    })
    await until(() => http.listening)
    const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`)
    await until(() => client.readyState === WebSocket.OPEN)
    try {
      assert.is(made.length, 1)
      assert.equal([...made[0]!.head!], [7])
      assert.is(made[0]!.readyState, WebSocket.CONNECTING, 'ws knows nothing of it')
      assert.is(listenersOf(socket!), 0)
      assert.is(socket!.readableFlowing, null)
    } finally {
      client.terminate()
      socket?.destroy()
      http.close()
    }
  })

  it('gets the answer to the request where ws leaves it to the socket, as in Bun', () => {
    const written: unknown[] = []
    const socket = { write: (bytes: unknown) => written.push(bytes), setTimeout() {} }
    const options = {
      maxPayload: 1,
      [Symbol('response')]: { done: true },
      [Symbol('handshake')]: 'HTTP/1.1 101 Switching Protocols\r\n\r\n',
    }
    const made = Reflect.construct(HandshakeSocket, [null, undefined, {}]) as HandshakeSocket
    assert.is(made.setSocket(socket as unknown as Socket, Buffer.of(7), options), true)
    assert.equal(written, ['HTTP/1.1 101 Switching Protocols\r\n\r\n'])
  })

  it('is free of ws on a client', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await until(() => server.address() !== null)
    let socket: Socket | undefined
    let isOpen = false
    const client = new HandshakeSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, {
      finishRequest(request) {
        request.once('socket', (made: Socket) => (socket = made))
        request.end()
      },
    })
    client.once('open', () => (isOpen = true))
    await until(() => isOpen)
    try {
      assert.equal([...client.head!], [])
      assert.is(client.readyState, WebSocket.CONNECTING)
      assert.is(listenersOf(socket!), 0)
    } finally {
      socket?.destroy()
      server.close()
    }
  })
})
