import { hasComponent } from 'bitecs'
import {
  Connected,
  connectSocket,
  createServer,
  destroySocket,
  Disconnected,
  Listening,
  NetworkError,
  NetworkSystem,
  resolveHost,
  sendPacket,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { hello, joinServer } from '../lib/gameMaker.ts'
import { type TestNet } from '../lib/TestNet.ts'
import { messagesOf } from '../lib/recordEvents.ts'
import { turns, until } from '../lib/until.ts'

/** A port that was free a moment ago. */
async function freePort(net: TestNet): Promise<number> {
  const listener = await net.listen()
  const { port } = listener
  listener.close()
  await turns()
  return port
}

/** Whether a client of ours can connect to this address. */
async function canConnect(net: TestNet, host: string, port: number): Promise<boolean> {
  const { world, socket } = net.client()
  const result = await connectSocket(world, socket, host, port, { raw: true, timeoutMs: 2_000 })
  return result >= 0
}

netSpec('addresses over TCP (R-20)', (it) => {
  for (const [host, ip] of [
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['localhost', undefined],
  ] as const)
    it(`a server on all addresses takes ${host}`, async (net) => {
      const server = net.server()
      const { world, socket } = net.client()
      assert.is(await connectSocket(world, socket, host, server.port), socket)
      sendPacket(world, socket, Buffer.from('hello'))
      await until(() => server.events.length === 2, [server.world])
      assert.equal(messagesOf(server.events), [hello])
      const shown = server.events.map((event) => event.ip)
      const store = Socket(world)
      if (ip === undefined)
        for (const each of [...shown, store.ip[socket]])
          assert.ok(each === '::1' || each === '127.0.0.1')
      else {
        assert.equal(shown, [ip, ip])
        assert.is(Socket(server.world).ip[server.events[0]!.socket!], ip)
        assert.is(store.ip[socket], ip)
      }
      assert.is(store.port[socket], server.port)
      assert.is(store.localPort[socket], server.events[0]!.port)
      assert.is(Socket(server.world).localPort[server.events[0]!.socket!], server.port)
    })

  it('a peer that is no GameMaker shows its plain IPv4 address to a dual-stack server too', async (net) => {
    const { world, port, events } = net.server({ raw: true })
    await net.peer(port, '127.0.0.1')
    await until(() => events.length === 1, [world])
    assert.is(events[0]!.ip, '127.0.0.1')
  })

  it('a name finds a server that listens on one of its addresses only', async (net) => {
    for (const { address } of await lookup('localhost', { all: true })) {
      const listener = await net.listen(0, address)
      const { world, socket } = net.client()
      const options = { raw: true }
      assert.is(await connectSocket(world, socket, 'localhost', listener.port, options), socket)
      assert.is(Socket(world).ip[socket], address)
    }
  })

  it('host 127.0.0.1 is not to be reached from elsewhere', async (net) => {
    const world = net.world()
    const port = await freePort(net)
    const server = createServer(world, SocketType.tcp, port, { host: '127.0.0.1', raw: true })
    assert.ok(server >= 0)
    await turns(20)
    assert.is(await canConnect(net, '127.0.0.1', port), true)
    assert.is(await canConnect(net, '::1', port), false)
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
    for (const { address } of others) assert.is(await canConnect(net, address, port), false)
    assert.ok(hasComponent(world, server, Listening))
    assert.is(Socket(world).ip[server], '127.0.0.1')
    assert.is(Socket(world).port[server], port)
  })

  it('host ::1 takes a GameMaker client', async (net) => {
    const world = net.world()
    const port = await freePort(net)
    createServer(world, SocketType.tcp, port, { host: '::1' })
    await turns(10)
    const peer = await net.peer(port, '::1')
    await joinServer(peer)
  })

  it('with a host, port 0 takes a free one that then stands in the store', async (net) => {
    const world = net.world()
    const server = createServer(world, SocketType.tcp, 0, { host: '127.0.0.1' })
    await until(() => (Socket(world).port[server] ?? 0) > 0, [world], 1_000)
    const { port, localPort } = Socket(world)
    assert.is(localPort[server], port[server])
    await net.join(port[server]!)
  })

  it('a taken port with a host shows when the synchronous code has ended', async (net) => {
    const taken = await net.listen(0, '127.0.0.1')
    const world = net.world()
    const server = createServer(world, SocketType.tcp, taken.port, { host: '127.0.0.1' })
    assert.ok(server >= 0)
    await until(() => hasComponent(world, server, Disconnected), [world])
    assert.is(hasComponent(world, server, Listening), false)
    assert.is(Socket(world).connectError[server], NetworkError.portUnavailable)
    destroySocket(world, server)
  })

  it('a host that is not here shows as well', async (net) => {
    const world = net.world()
    // RFC 5737: for documentation, never an address of this machine.
    const server = createServer(world, SocketType.tcp, 0, { host: '192.0.2.1' })
    await until(() => hasComponent(world, server, Disconnected), [world])
    assert.ok(Socket(world).connectError[server]! < 0)
  })

  it('a server with a host that is destroyed before it listens never listens', async (net) => {
    const world = net.world()
    const port = await freePort(net)
    const server = createServer(world, SocketType.tcp, port, { host: '127.0.0.1' })
    destroySocket(world, server)
    await turns(20)
    assert.is(await canConnect(net, '127.0.0.1', port), false)
  })

  it('a refused port is refused, by address and by name', async (net) => {
    const port = await net.refusingPort()
    for (const host of ['127.0.0.1', '::1', 'localhost']) {
      const { world, socket } = net.client()
      assert.is(await connectSocket(world, socket, host, port), NetworkError.refused)
      assert.is(hasComponent(world, socket, Connected), false)
    }
  })

  for (const host of ['no-such-host.invalid', 'no such host', '256.256.256.256', 'a\0b', '::g'])
    it(`the host ${JSON.stringify(host)} is a negative code`, async (net) => {
      const { world, socket, events } = net.client()
      const options = { async: true, timeoutMs: 2_000 }
      const result = await connectSocket(world, socket, host, 6510, options)
      const { hostNotFound, timedOut } = NetworkError
      assert.ok(result === hostNotFound || result === timedOut, String(result))
      await until(() => events.length === 1, [world])
      assert.is(events[0]!.succeeded, 0)
      NetworkSystem(world)
      assert.is(events.length, 1)
    })

  it('resolveHost gives an address, or a negative code', async () => {
    assert.is(await resolveHost('127.0.0.1'), '127.0.0.1')
    const local = await resolveHost('localhost')
    assert.ok(local === '127.0.0.1' || local === '::1')
    assert.is(await resolveHost('no-such-host.invalid'), NetworkError.hostNotFound)
  })
})
