import { hasComponent } from 'bitecs'
import {
  Connected,
  Connecting,
  connectSocket,
  Disconnected,
  DisconnectReason,
  NetworkError,
  NetworkType,
  sendPacket,
  sendRaw,
  setNetworkConfig,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { answer, greeting, hello, helloPacket, welcome } from '../lib/gameMaker.ts'
import { messagesOf } from '../lib/recordEvents.ts'
import { turns, until } from '../lib/until.ts'

netSpec('a TCP client and GameMaker servers', (it) => {
  it('says nothing before it is greeted, then answers with the bytes of GameMaker', async (net) => {
    const { world, socket, peer, result } = await net.reaching()
    await turns(10)
    assert.is(peer.size, 0)
    assert.ok(hasComponent(world, socket, Connecting))
    peer.send(greeting)
    assert.is(await peer.take(16), answer)
    assert.is(hasComponent(world, socket, Connected), false)
    peer.send(welcome)
    assert.is(await result, socket)
    assert.ok(hasComponent(world, socket, Connected))
    assert.is(hasComponent(world, socket, Connecting), false)
    assert.is(peer.size, 0)
  })

  it('W13: a packet above the limit ends the connection; 64 MiB is the limit, unless set', async (net) => {
    const standard = await net.connected()
    standard.peer.send('dec0adde0c00000001000004')
    await until(() => hasComponent(standard.world, standard.socket, Disconnected), [standard.world])
    assert.is(Socket(standard.world).disconnectReason[standard.socket], DisconnectReason.tooLarge)

    const { world, socket, peer, events } = await net.connected()
    peer.send('dec0adde0c00000000000004')
    await turns(10)
    assert.is(setNetworkConfig(world, socket, { messageBytesMax: 4 }), 0)
    assert.ok(hasComponent(world, socket, Connected))

    const small = await net.connected()
    assert.is(setNetworkConfig(small.world, small.socket, { messageBytesMax: 5 }), 0)
    small.peer.send(`${helloPacket}dec0adde0c00000006000000`)
    await until(() => hasComponent(small.world, small.socket, Disconnected), [small.world])
    assert.equal(messagesOf(small.events), [hello])
    assert.is(Socket(small.world).disconnectReason[small.socket], DisconnectReason.tooLarge)
    assert.equal(events, [])
  })

  it('W15: a silent server fails the attempt after the time limit', async (net) => {
    const { world, socket, peer, result, events } = await net.reaching({ connectTimeoutMs: 60 })
    const started = performance.now()
    assert.is(await result, NetworkError.timedOut)
    assert.ok(performance.now() - started < 5_000)
    await until(() => peer.isClosed && events.length === 1, [world])
    assert.is(events[0]!.type, NetworkType.nonBlockingConnect)
    assert.is(events[0]!.succeeded, 0)
    assert.ok(hasComponent(world, socket, Disconnected))
    assert.is(hasComponent(world, socket, Connecting), false)
    assert.is(Socket(world).connectError[socket], NetworkError.timedOut)
  })

  it('W15: so does one that greets and then says no more, with a limit of its own', async (net) => {
    const { world, socket } = net.client()
    const listener = await net.listen()
    const options = { timeoutMs: 60 }
    const result = connectSocket(world, socket, '127.0.0.1', listener.port, options)
    const peer = await listener.accept()
    peer.send(greeting)
    assert.is(await result, NetworkError.timedOut)
  })

  it('W22, W23: a raw client is connected at once and sends what it is given', async (net) => {
    const { world, socket, events } = net.client()
    const listener = await net.listen()
    const result = connectSocket(world, socket, '127.0.0.1', listener.port, { raw: true })
    const peer = await listener.accept()
    assert.is(await result, socket)
    assert.is(sendRaw(world, socket, Buffer.from('hel')), 3)
    assert.is(sendRaw(world, socket, Buffer.from('lo')), 2)
    assert.is(await peer.take(5), hello)
    assert.is(sendPacket(world, socket, Buffer.from('hello')), 17)
    assert.is(await peer.take(17), helloPacket)
    peer.send(greeting)
    peer.send(hello)
    await until(() => messagesOf(events).join('') === greeting + hello, [world])
  })

  it('sendRaw on a packet connection goes out as it is, with one hint', async (net) => {
    const { world, socket, peer } = await net.connected()
    assert.is(sendRaw(world, socket, Buffer.from('hello')), 5)
    assert.is(sendRaw(world, socket, Buffer.from('hello')), 5)
    assert.is(await peer.take(10), hello + hello)
    assert.is(net.warnings.length, 1)
  })

  it('one write per socket leaves when the synchronous code ends', async (net) => {
    const { world, socket, peer } = await net.connected()
    for (let index = 0; index < 3; index++) sendPacket(world, socket, Buffer.from('hello'))
    assert.is(await peer.take(51), helloPacket + helloPacket + helloPacket)
    assert.is(Socket(world).packetsOut[socket], 3)
    // With the 16 bytes of the answer.
    assert.is(Socket(world).bytesOut[socket], 67)
  })
})
