import { hasComponent } from 'bitecs'
import {
  Connected,
  connectSocket,
  destroySocket,
  Disconnected,
  DisconnectReason,
  NetworkError,
  NetworkSystem,
  NetworkType,
  sendPacket,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { helloPacket } from '../lib/gameMaker.ts'
import { type RawPeer } from '../lib/RawPeer.ts'
import { type ClientHost } from '../lib/TestNet.ts'
import { messagesOf, typesOf } from '../lib/recordEvents.ts'
import { statesOf } from '../lib/sockets.ts'
import { until } from '../lib/until.ts'

/** Which states a client socket is in. */
function stateOf({ world, socket }: ClientHost): string {
  return statesOf(world, socket).join(' and ')
}

netSpec('a TCP client whose server goes', (it) => {
  for (const [how, leave, reason] of [
    ['closes', (peer: RawPeer) => peer.end(), DisconnectReason.closed],
    ['resets', (peer: RawPeer) => peer.reset(), DisconnectReason.reset],
  ] as const) {
    it(`has no event by default when the server ${how}; its state tells`, async (net) => {
      const client = await net.connected()
      const { world, socket, peer, events } = client
      assert.is(stateOf(client), 'Connected')
      leave(peer)
      await until(() => !hasComponent(world, socket, Connected), [world])
      assert.is(stateOf(client), 'Disconnected')
      assert.is(Socket(world).disconnectReason[socket], reason)
      assert.is(sendPacket(world, socket, Buffer.from('x')), NetworkError.notConnected)
      NetworkSystem(world)
      assert.equal(events, [])
    })

    it(`has one event when the server ${how} and clientDisconnectEvents is set`, async (net) => {
      const client = await net.connected({ clientDisconnectEvents: true })
      const { world, socket, peer, port, events } = client
      peer.send(helloPacket)
      await until(() => events.length === 1, [world])
      leave(peer)
      await until(() => hasComponent(world, socket, Disconnected), [world])
      for (let tick = 0; tick < 3; tick++) NetworkSystem(world)
      const facts = { id: socket, ip: '127.0.0.1', port, socket, succeeded: 0 }
      assert.equal(events.slice(1), [{ type: NetworkType.disconnect, ...facts }])
      assert.is(Socket(world).disconnectReason[socket], reason)
    })
  }

  it('gets what was sent before the end, first', async (net) => {
    const { world, socket, peer, events } = await net.connected({ clientDisconnectEvents: true })
    peer.send(helloPacket + helloPacket)
    peer.end()
    await until(() => hasComponent(world, socket, Disconnected), [world])
    assert.equal(typesOf(events), [NetworkType.data, NetworkType.data, NetworkType.disconnect])
  })

  it('has no event for an end of its own', async (net) => {
    const { world, socket, peer, events } = await net.connected({ clientDisconnectEvents: true })
    destroySocket(world, socket)
    await until(() => peer.hasEnded, [world])
    peer.close()
    await until(() => peer.isClosed, [world])
    NetworkSystem(world)
    assert.equal(events, [])
  })
})

netSpec('a TCP client that connects again', (it) => {
  it('on the same socket after a refusal', async (net) => {
    const host = net.server()
    const client = net.client()
    const { world, socket } = client
    const refusing = await net.refusingPort()
    for (let attempt = 0; attempt < 3; attempt++) {
      const result = connectSocket(world, socket, '127.0.0.1', refusing)
      assert.is(stateOf(client), 'Connecting')
      assert.is(await result, NetworkError.refused)
      assert.is(stateOf(client), 'Disconnected')
      assert.is(Socket(world).connectError[socket], NetworkError.refused)
    }
    assert.is(await connectSocket(world, socket, '127.0.0.1', host.port), socket)
    assert.is(stateOf(client), 'Connected')
    assert.is(Socket(world).connectError[socket], 0)
    sendPacket(world, socket, Buffer.from('x'))
    await until(() => host.events.length === 2, [host.world])
    assert.equal(messagesOf(host.events), ['78'])
  })

  it('on the same socket after a loss', async (net) => {
    const client = await net.connected()
    const { world, socket, peer, events } = client
    peer.send(helloPacket)
    await until(() => events.length === 1, [world])
    peer.reset()
    await until(() => hasComponent(world, socket, Disconnected), [world])
    const host = net.server()
    assert.is(await connectSocket(world, socket, '127.0.0.1', host.port), socket)
    assert.is(stateOf(client), 'Connected')
    const store = Socket(world)
    assert.is(store.disconnectReason[socket], 0)
    assert.is(store.packetsIn[socket], 0)
    assert.is(store.port[socket], host.port)
    await until(() => host.events.length === 1, [host.world])
    sendPacket(host.world, host.events[0]!.socket!, Buffer.from('y'))
    await until(() => events.length === 2, [world])
    assert.equal(messagesOf(events), ['68656c6c6f', '79'])
  })

  it('after a loss that no tick has told yet: nothing of the old connection is left', async (net) => {
    const client = await net.connected({ clientDisconnectEvents: true })
    const { world, socket, peer, events } = client
    peer.send(helloPacket)
    peer.end()
    await until(() => sendPacket(world, socket, Buffer.from('x')) === NetworkError.notConnected)
    const refusing = await net.refusingPort()
    const result = connectSocket(world, socket, '127.0.0.1', refusing)
    assert.is(stateOf(client), 'Connecting')
    assert.is(await result, NetworkError.refused)
    NetworkSystem(world)
    assert.is(stateOf(client), 'Disconnected')
    assert.equal(events, [])
  })

  it('cannot while it is connecting or connected', async (net) => {
    const client = net.client()
    const { world, socket, events } = client
    const host = net.server()
    const first = connectSocket(world, socket, '127.0.0.1', host.port)
    const second = connectSocket(world, socket, '127.0.0.1', host.port, { async: true })
    assert.is(await second, NetworkError.alreadyConnected)
    assert.is(await first, socket)
    assert.is(
      await connectSocket(world, socket, '127.0.0.1', host.port),
      NetworkError.alreadyConnected,
    )
    assert.is(stateOf(client), 'Connected')
    await until(() => host.events.length === 1, [host.world, world])
    assert.equal(events, [])
  })

  it('is told when it is destroyed while connecting', async (net) => {
    const { world, socket, events } = net.client()
    const listener = await net.listen()
    const options = { async: true }
    const result = connectSocket(world, socket, '127.0.0.1', listener.port, options)
    const peer = await listener.accept()
    destroySocket(world, socket)
    assert.is(await result, NetworkError.connectionClosed)
    await until(() => peer.hasEnded || peer.isClosed, [world])
    assert.equal(events, [])
  })
})
