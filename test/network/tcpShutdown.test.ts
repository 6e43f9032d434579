import { hasComponent, query } from 'bitecs'
import {
  AcceptedBy,
  closeNetwork,
  connectSocket,
  createServer,
  destroySocket,
  Disconnected,
  NetworkError,
  NetworkSystem,
  NetworkType,
  sendPacket,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { helloPacket, welcomeClient } from '../lib/gameMaker.ts'
import { recordEvents, onEach } from '../lib/recordEvents.ts'
import { turns, until } from '../lib/until.ts'

const mebibyte = 1024 * 1024

/** TCP handles that keep this process alive. */
function tcpHandles(): number {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length
}

netSpec('the end of TCP sockets', (it) => {
  it('a destroyed server closes its clients, without events, and its port is free at once', async (net) => {
    const { world, server, port, events } = net.server()
    const peers = await net.joins(port, 10)
    const greeted = await net.peer(port)
    await greeted.take(18)
    await until(() => events.length === 10, [world])
    // Nothing of what has arrived already is delivered either.
    for (const peer of peers) peer.send(helloPacket)
    await turns()
    destroySocket(world, server)
    const next = createServer(world, SocketType.tcp, port)
    assert.ok(next >= 0)
    await until(() => [...peers, greeted].every((peer) => peer.hasEnded || peer.isClosed), [world])
    NetworkSystem(world)
    assert.is(events.length, 10)
    assert.equal(
      query(world, [Socket]).filter((entity) => entity !== next),
      [],
    )
    await net.join(port)
    await until(() => events.length === 11, [world])
    assert.is(events[10]!.id, next)
    assert.is(query(world, [AcceptedBy(next)]).length, 1)
  })

  it('a server can be made and destroyed on one port a hundred times', async (net) => {
    const { world, server, port, events } = net.server()
    let current = server
    for (let round = 1; round <= 100; round++) {
      const peer = await net.join(port)
      await until(() => events.length === round, [world])
      destroySocket(world, current)
      current = createServer(world, SocketType.tcp, port)
      assert.ok(current >= 0)
      await until(() => peer.hasEnded, [world])
      peer.close()
    }
    assert.ok(events.every(({ type }) => type === NetworkType.connect))
  })

  for (const what of ['server', 'client'] as const)
    it(`1 MiB sent right before the ${what} is destroyed arrives whole`, async (net) => {
      const { world, server, peer, client } = await net.joined()
      const payload = new Uint8Array(mebibyte).map((_, index) => index * 7 + (index >> 8))
      assert.is(sendPacket(world, client, payload), mebibyte + 12)
      destroySocket(world, what === 'server' ? server : client)
      assert.is(await peer.take(12), 'dec0adde0c00000000001000')
      assert.is(await peer.take(mebibyte), Buffer.from(payload).toString('hex'))
      await until(() => peer.hasEnded)
      assert.is(peer.error, undefined)
    })

  it('so does what a client of ours sent, though the peer goes on sending', async (net) => {
    const { world, socket } = net.client()
    const listener = await net.listen()
    const result = connectSocket(world, socket, '127.0.0.1', listener.port)
    const peer = await listener.accept()
    await welcomeClient(peer)
    assert.is(await result, socket)
    peer.send(helloPacket.repeat(1_000))
    await turns()
    sendPacket(world, socket, new Uint8Array(mebibyte))
    destroySocket(world, socket)
    peer.send(helloPacket.repeat(1_000))
    await until(() => peer.size === mebibyte + 12 || peer.isClosed)
    assert.is(peer.size, mebibyte + 12)
    await until(() => peer.hasEnded)
    assert.is(peer.error, undefined)
  })

  it('a handler may answer and then turn the client out: the answer arrives', async (net) => {
    const { world, port, events } = net.server()
    onEach(world, (load) => {
      if (load.type !== NetworkType.connect) return
      sendPacket(world, load.socket, Buffer.from('hello'))
      destroySocket(world, load.socket)
    })
    const peer = await net.join(port)
    assert.is(await peer.take(17, [world]), helloPacket)
    await until(() => peer.hasEnded, [world])
    assert.is(events.length, 1)
  })

  it('avoidTimeWait ends a connection by a reset', async (net) => {
    const { world, port, events } = net.server()
    const [resetting, closing] = [await net.join(port), await net.join(port)]
    await until(() => events.length === 2, [world])
    const clientOf = new Map(events.map((event) => [event.port, event.socket!]))
    const first = clientOf.get(resetting.localPort)!
    assert.is(setNetworkConfig(world, first, { avoidTimeWait: true }), 0)
    destroySocket(world, first)
    destroySocket(world, clientOf.get(closing.localPort)!)
    await until(() => resetting.isClosed && closing.hasEnded, [world])
    assert.is(resetting.wasReset, true)
    assert.is(closing.wasReset, false)
    assert.is(setNetworkConfig(world, first, { avoidTimeWait: true }), NetworkError.unknownSocket)
  })

  it('avoidTimeWait of a server holds for the connections it accepts later, of a client for the next too', async (net) => {
    const { world, server, port, events } = net.server()
    setNetworkConfig(world, server, { avoidTimeWait: true })
    const peer = await net.join(port)
    await until(() => events.length === 1, [world])
    destroySocket(world, server)
    await until(() => peer.isClosed, [world])
    assert.is(peer.wasReset, true)

    const client = net.client()
    setNetworkConfig(client.world, client.socket, { avoidTimeWait: true })
    const listener = await net.listen()
    const options = { raw: true }
    await connectSocket(client.world, client.socket, '127.0.0.1', listener.port, options)
    const reached = await listener.accept()
    destroySocket(client.world, client.socket)
    await until(() => reached.isClosed)
    assert.is(reached.wasReset, true)
  })

  it('nothing keeps the process alive after closeNetwork, though no peer closes its side', async (net) => {
    await until(() => tcpHandles() === 0)
    const { world, port, events } = net.server()
    const peers = await net.joins(port, 5)
    const silent = await net.peer(port)
    await silent.take(18)
    const listener = await net.listen()
    const client = net.client()
    const options = { raw: true }
    await connectSocket(client.world, client.socket, '127.0.0.1', listener.port, options)
    const reached = await listener.accept()
    await until(() => events.length === 5, [world])
    assert.is(tcpHandles(), 16)

    closeNetwork(world)
    closeNetwork(client.world)
    await until(() => [...peers, silent, reached].every((peer) => peer.hasEnded || peer.isClosed))
    // What is left: the peers' ends and the raw listener.
    const left = [...peers, silent, reached].filter((peer) => !peer.isClosed).length + 1
    await until(() => tcpHandles() === left)
    assert.equal([...query(world, [Socket])], [])

    for (const peer of [...peers, silent]) peer.close()
    listener.close()
    await until(() => tcpHandles() === 0)
  })

  it('a connection whose peer has ended its side but reads nothing is not kept for ever', async (net) => {
    await until(() => tcpHandles() === 0)
    const { world, server, port, events } = net.server(
      {},
      { acceptedSendQueueBytesMax: 64 * mebibyte, writeStallMs: 200 },
    )
    const peer = await net.join(port)
    await until(() => events.length === 1, [world])
    peer.socket.pause()
    sendPacket(world, events[0]!.socket!, new Uint8Array(32 * mebibyte))
    NetworkSystem(world)
    peer.end()
    await until(() => events.length === 2, [world])
    assert.equal([...query(world, [AcceptedBy(server)])], [])
    // The server and the peer's own end. Connections that were destroyed have 5 s for their last bytes.
    await until(() => tcpHandles() === 2, [world], 12_000)
  })

  it('a world can be used again after closeNetwork', async (net) => {
    const { world, port, events } = net.server()
    await net.join(port)
    await until(() => events.length === 1, [world])
    closeNetwork(world)
    const server = createServer(world, SocketType.tcp, port)
    assert.ok(server >= 0)
    const again = recordEvents(world, server)
    await net.join(port)
    await until(() => again.length === 1, [world])
    assert.is(again[0]!.id, server)
  })

  it('one world of a pair can go; the other is told', async (net) => {
    const host = net.server()
    const { world, socket } = net.client()
    await connectSocket(world, socket, '127.0.0.1', host.port)
    await until(() => host.events.length === 1, [host.world])
    closeNetwork(host.world)
    await until(() => hasComponent(world, socket, Disconnected), [world])
  })
})
