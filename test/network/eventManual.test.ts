import { createWorld, hasComponent } from 'bitecs'
import {
  type AsyncLoad,
  bufferExists,
  BufferKind,
  BufferType,
  Connected,
  connectSocket,
  createBuffer,
  createServer,
  createSocket,
  type DataLoad,
  destroySocket,
  Disconnected,
  DisconnectReason,
  FreedError,
  getBufferAlignment,
  getBufferBytes,
  getBufferKind,
  getBufferSize,
  NetworkError,
  NetworkType,
  sendPacket,
  Socket,
  SocketType,
  tellBuffer,
  writeBuffer,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { hello, helloPacket } from '../lib/gameMaker.ts'
import { messagesOf, onEach, typesOf } from '../lib/recordEvents.ts'
import { until } from '../lib/until.ts'

const stateKeys = ['type', 'id', 'ip', 'port', 'socket', 'succeeded']
const dataKeys = ['type', 'id', 'ip', 'port', 'buffer', 'size']

function throwsFreed(run: () => unknown): void {
  try {
    run()
  } catch (error) {
    assert.instance(error, FreedError)
    return
  }
  assert.unreachable('should have thrown a FreedError')
}

netSpec('the Networking event, by the manual', (it) => {
  it('M22: an asyncLoad that was kept is nothing outside its event', async (net) => {
    const { world, port, events } = net.server()
    const kept: AsyncLoad[] = []
    onEach(world, (load) => kept.push(load))
    const peer = await net.join(port)
    peer.send(helloPacket)
    await until(() => events.length === 2, [world])
    assert.is(kept.length, 2)
    for (const load of kept) {
      assert.equal(load.keys(), [])
      assert.is(load.has('type'), false)
      assert.is(load.keyCount, 0)
      for (const key of ['type', 'id', 'ip', 'port'] as const) {
        throwsFreed(() => load[key])
        throwsFreed(() => load.get(key))
      }
    }
  })

  it('M23: the buffer is freed when its event has ended', async (net) => {
    const { world, port } = net.server()
    const buffers: DataLoad['buffer'][] = []
    const alive: boolean[] = []
    onEach(world, (load) => {
      if (load.type !== NetworkType.data) return
      buffers.push(load.buffer)
      alive.push(bufferExists(load.buffer))
    })
    const peer = await net.join(port)
    peer.send(helloPacket + helloPacket)
    await until(() => buffers.length === 2, [world])
    assert.equal(alive, [true, true])
    for (const buffer of buffers) {
      assert.is(bufferExists(buffer), false)
      throwsFreed(() => getBufferSize(buffer))
    }
  })

  it('M24: the buffer is grow, of alignment 1, at position 0, as large as size', async (net) => {
    const { world, port } = net.server()
    const seen: unknown[] = []
    onEach(world, (load) => {
      if (load.type !== NetworkType.data) return
      const { buffer, size } = load
      seen.push([
        getBufferKind(buffer),
        getBufferAlignment(buffer),
        tellBuffer(buffer),
        getBufferSize(buffer),
        size,
        Buffer.from(getBufferBytes(buffer)).toString(),
      ])
    })
    const peer = await net.join(port)
    peer.send(helloPacket)
    await until(() => seen.length === 1, [world])
    assert.equal(seen, [[BufferKind.grow, 1, 0, 5, 5, 'hello']])
  })

  it('M25: data on a packet server has the client as id and the server as server', async (net) => {
    const { world, server, port, events } = net.server()
    const peer = await net.join(port)
    peer.send(helloPacket)
    await until(() => events.length === 2, [world])
    const [connect, data] = events
    assert.is(data!.id, connect!.socket)
    assert.is.not(data!.id, server)
    assert.is(data!.server, server)
  })

  it('M26: connect and disconnect have the server as id, the client as socket, and by default succeeded too', async (net) => {
    const { world, server, events, peer } = await net.joined()
    peer.close()
    await until(() => events.length === 2, [world])
    const [connect, disconnect] = events
    assert.equal(Object.keys(connect!), stateKeys)
    assert.equal(Object.keys(disconnect!), stateKeys)
    const { socket } = connect!
    assert.type(socket, 'number')
    assert.is.not(socket, server)
    const shared = { id: server, ip: '127.0.0.1', port: connect!.port, socket }
    assert.equal(connect, { type: NetworkType.connect, ...shared, succeeded: 1 })
    assert.equal(disconnect, { type: NetworkType.disconnect, ...shared, succeeded: 0 })
  })

  it('M26: the port of a connect event is the one the peer connected from', async (net) => {
    const { world, port, events } = net.server()
    const peer = await net.join(port)
    const { localPort } = peer
    await until(() => events.length === 1, [world])
    assert.is(events[0]!.port, localPort)
  })

  it('M27: non_blocking_connect has succeeded, and by default socket too, both when it could and could not', async (net) => {
    const { port } = net.server()
    const { world, socket, events } = net.client()
    const refusing = await net.refusingPort()
    assert.is(
      await connectSocket(world, socket, '127.0.0.1', refusing, { async: true }),
      NetworkError.refused,
    )
    await until(() => events.length === 1, [world])
    assert.is(await connectSocket(world, socket, '127.0.0.1', port, { async: true }), socket)
    await until(() => events.length === 2, [world])
    for (const event of events) {
      assert.equal(Object.keys(event), stateKeys)
      assert.is(event.type, NetworkType.nonBlockingConnect)
      assert.is(event.id, socket)
      assert.is(event.socket, socket)
    }
    assert.equal(
      events.map(({ succeeded }) => succeeded),
      [0, 1],
    )
    assert.is(events[1]!.ip, '127.0.0.1')
    assert.is(events[1]!.port, port)
  })

  it('M27: a connect that does not ask for it has no event', async (net) => {
    const host = net.server()
    const { world, socket, events } = net.client()
    assert.is(await connectSocket(world, socket, '127.0.0.1', host.port), socket)
    await until(() => host.events.length === 1, [host.world, world])
    sendPacket(host.world, host.events[0]!.socket!, Buffer.from('x'))
    await until(() => events.length > 0, [host.world, world])
    assert.equal(typesOf(events), [NetworkType.data])
  })

  for (const how of ['destroyed', 'gone'] as const)
    it(`M28: when the server is ${how} a client gets no event by default`, async (net) => {
      const { world, socket, events } = net.client()
      const host = net.server()
      const listener = await net.listen()
      if (how === 'destroyed') {
        assert.is(await connectSocket(world, socket, '127.0.0.1', host.port), socket)
        await until(() => host.events.length === 1, [host.world])
        destroySocket(host.world, host.server)
      } else {
        const connecting = connectSocket(world, socket, '127.0.0.1', listener.port, { raw: true })
        const peer = await listener.accept()
        assert.is(await connecting, socket)
        peer.reset()
      }
      await until(() => hasComponent(world, socket, Disconnected), [world])
      assert.is(hasComponent(world, socket, Connected), false)
      assert.is(
        Socket(world).disconnectReason[socket],
        how === 'destroyed' ? DisconnectReason.closed : DisconnectReason.reset,
      )
      assert.equal(events, [])
    })

  it('M29: a server on a used port is a negative code, so the port loop of GameMaker finds the next', async (net) => {
    const { port: taken } = net.server()
    const world = net.world()
    assert.is(createServer(world, SocketType.tcp, taken), NetworkError.portUnavailable)
    let port = taken
    let server = createServer(world, SocketType.tcp, port, { maxClients: 32 })
    while (server < 0 && port < 65_535) {
      port++
      server = createServer(world, SocketType.tcp, port, { maxClients: 32 })
    }
    assert.ok(server >= 0)
    assert.ok(port > taken)
    assert.is(Socket(world).port[server], port)
    await net.join(port)
  })

  it('M29: a port that another program has taken is a negative code at once', async (net) => {
    const { port } = await net.listen()
    assert.is(createServer(net.world(), SocketType.tcp, port), NetworkError.portUnavailable)
  })

  it('M30: sendPacket of 5 bytes gives 17', async (net) => {
    const { world, events, peer } = await net.joined()
    assert.is(sendPacket(world, events[0]!.socket!, Buffer.from('hello')), 17)
    assert.is(await peer.take(17), helloPacket)
  })

  it('M32: a wss server is a negative code', () => {
    const world = createWorld()
    assert.ok(createServer(world, SocketType.wss, 0) < 0)
    assert.ok(createServer(world, SocketType.wss, 6510, { maxClients: 4 }) < 0)
  })

  it('M33: a TCP data event has no message_type; the server key stands on sockets of a server only', async (net) => {
    const host = net.server()
    const { world, socket, events } = net.client()
    await connectSocket(world, socket, '127.0.0.1', host.port)
    sendPacket(world, socket, Buffer.from('hello'))
    await until(() => host.events.length === 2, [host.world])
    assert.equal(Object.keys(host.events[1]!), [...dataKeys, 'server'])
    sendPacket(host.world, host.events[0]!.socket!, Buffer.from('hello'))
    await until(() => events.length === 1, [world])
    assert.equal(Object.keys(events[0]!), dataKeys)
    assert.equal(events[0], {
      type: NetworkType.data,
      id: socket,
      ip: '127.0.0.1',
      port: host.port,
      buffer: hello,
      size: 5,
    })
  })

  it('M35: a send takes the bytes from the start, whatever the seek position, and does not move it', async (net) => {
    const { world, events, peer } = await net.joined()
    const buffer = createBuffer(16, BufferKind.fixed, 1)
    for (let byte = 0; byte < 10; byte++) writeBuffer(buffer, BufferType.u8, byte)
    assert.is(tellBuffer(buffer), 10)
    assert.is(sendPacket(world, events[0]!.socket!, buffer, 4), 16)
    assert.is(tellBuffer(buffer), 10)
    writeBuffer(buffer, BufferType.u8, 255)
    assert.is(await peer.take(16), 'dec0adde0c0000000400000000010203')
  })

  it('M35: without a size it takes what was written', async (net) => {
    const { world, port, events } = net.server()
    const { world: clientWorld, socket } = net.client()
    await connectSocket(clientWorld, socket, '127.0.0.1', port)
    const buffer = createBuffer(256, BufferKind.grow, 1)
    writeBuffer(buffer, BufferType.string, 'hello')
    assert.is(sendPacket(clientWorld, socket, buffer), 18)
    await until(() => events.length === 2, [world])
    assert.equal(messagesOf(events), [`${hello}00`])
  })

  it('createSocket gives a client socket that is not connected', () => {
    const world = createWorld()
    const socket = createSocket(world, SocketType.tcp)
    assert.ok(socket >= 0)
    assert.is(hasComponent(world, socket, Socket), true)
    assert.is(hasComponent(world, socket, Connected), false)
    destroySocket(world, socket)
  })
})
