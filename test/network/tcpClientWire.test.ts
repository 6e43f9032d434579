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
import {
  answer,
  answerStart,
  emptyPacket,
  greeting,
  hello,
  helloPacket,
  packet,
  welcome,
  welcomeClient,
} from '../lib/gameMaker.ts'
import { type RawPeer } from '../lib/RawPeer.ts'
import { type ClientHost, type TestNet } from '../lib/TestNet.ts'
import { messagesOf, typesOf } from '../lib/recordEvents.ts'
import { withNet } from '../lib/withNet.ts'
import { turns, until } from '../lib/until.ts'
import { spec } from '../spec.ts'

/** A client that is connecting, and the raw peer it has reached. */
async function reach(
  net: TestNet,
  config: Parameters<TestNet['client']>[0] = {},
): Promise<ClientHost & { peer: RawPeer; result: Promise<number> }> {
  const client = net.client(config)
  const listener = await net.listen()
  const { world, socket } = client
  const result = connectSocket(world, socket, '127.0.0.1', listener.port, { async: true })
  return { ...client, peer: await listener.accept(), result }
}

/** The same, connected, with its connect event past and forgotten. */
async function connected(
  net: TestNet,
  config: Parameters<TestNet['client']>[0] = {},
): Promise<ClientHost & { peer: RawPeer }> {
  const client = await reach(net, config)
  await welcomeClient(client.peer)
  assert.is(await client.result, client.socket)
  await until(() => client.events.length === 1, [client.world])
  client.events.length = 0
  return client
}

spec('a TCP client and GameMaker servers', (it) => {
  it(
    'says nothing before it is greeted, then answers with the bytes of GameMaker',
    withNet(async (net) => {
      const { world, socket, peer, result } = await reach(net)
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
    }),
  )

  for (const [gameId, word] of [
    [42, '2a000000'],
    [-1, 'ffffffff'],
    [296_824_970, '8a30b111'],
  ] as const)
    it(
      `W6: the game id ${gameId} is sent as it was set`,
      withNet(async (net) => {
        const { peer } = await reach(net, { gameId })
        peer.send(greeting)
        assert.is(await peer.take(16), answerStart + word)
      }),
    )

  it(
    'W1: greeting and welcome may be cut after every byte',
    withNet(async (net) => {
      const both = [
        ...Array.from({ length: 17 }, (_, index) => [[index + 1], []]),
        ...Array.from({ length: 11 }, (_, index) => [[], [index + 1]]),
        [
          Array.from({ length: 17 }, (_, index) => index + 1),
          Array.from({ length: 11 }, (_, index) => index + 1),
        ],
      ] as const
      for (const [inGreeting, inWelcome] of both) {
        const { world, socket, peer, result, events } = await reach(net)
        await peer.sendCut(greeting, inGreeting ?? [])
        assert.is(await peer.take(16), answer)
        await peer.sendCut(welcome, inWelcome ?? [])
        assert.is(await result, socket)
        peer.send(helloPacket)
        await until(() => events.length === 2, [world])
        assert.equal(
          events.map(({ type, succeeded }) => [type, succeeded]),
          [
            [NetworkType.nonBlockingConnect, 1],
            [NetworkType.data, undefined],
          ],
        )
      }
    }),
  )

  it(
    'W2: a packet may be cut at each of its inner places',
    withNet(async (net) => {
      const { world, peer, events } = await connected(net)
      const places = Array.from({ length: 16 }, (_, index) => index + 1)
      for (const cuts of [...places.map((place) => [place]), places]) {
        const count = events.length
        await peer.sendCut(helloPacket, cuts)
        await until(() => events.length > count, [world])
      }
      assert.equal(
        messagesOf(events),
        Array.from({ length: 17 }, () => hello),
      )
    }),
  )

  it(
    'W3: three packets in one chunk; two and a half, then the rest',
    withNet(async (net) => {
      const { world, peer, events } = await connected(net)
      const three = packet('01') + packet('0202') + packet('030303')
      peer.send(three)
      await until(() => events.length === 3, [world])
      await peer.sendCut(three, [13 + 14 + 7])
      await until(() => events.length === 6, [world])
      assert.equal(messagesOf(events), ['01', '0202', '030303', '01', '0202', '030303'])
    }),
  )

  it(
    'W5: the welcome and a packet in one chunk are connect, then data',
    withNet(async (net) => {
      const { world, socket, peer, result, events } = await reach(net)
      peer.send(greeting)
      assert.is(await peer.take(16), answer)
      peer.send(welcome + helloPacket)
      assert.is(await result, socket)
      await until(() => events.length === 2, [world])
      assert.equal(typesOf(events), [NetworkType.nonBlockingConnect, NetworkType.data])
      assert.is(events[0]!.succeeded, 1)
      assert.equal(messagesOf(events), [hello])
    }),
  )

  it(
    'W5: greeting, welcome and packets in one chunk do as well',
    withNet(async (net) => {
      const { world, socket, peer, result, events } = await reach(net)
      peer.send(greeting + welcome + helloPacket + emptyPacket)
      assert.is(await result, socket)
      assert.is(await peer.take(16), answer)
      await until(() => events.length === 3, [world])
      assert.equal(messagesOf(events), [hello, ''])
    }),
  )

  for (const [what, bytes] of [
    ['greeting without its NUL', '474d3a53747564696f2d436f6e6e65637401'],
    ['greeting in lower case', '676d3a73747564696f2d636f6e6e65637400'],
    ['packet', helloPacket],
    ['web server', Buffer.from('HTTP/1.1 400 Bad Request\r\n').toString('hex')],
  ] as const)
    it(
      `W7: a ${what} instead of the greeting fails the attempt`,
      withNet(async (net) => {
        const { world, socket, peer, result, events } = await reach(net)
        peer.send(bytes)
        assert.is(await result, NetworkError.handshakeFailed)
        assert.ok(hasComponent(world, socket, Disconnected))
        assert.is(Socket(world).connectError[socket], NetworkError.handshakeFailed)
        await until(() => peer.isClosed && events.length === 1, [world])
        assert.is(peer.takeAll(), '')
        assert.is(events[0]!.succeeded, 0)
      }),
    )

  for (const [which, bytes] of [
    ['first', 'adbeafdfebbe0df00c000000'],
    ['second', 'adbeafdeebbe0df10c000000'],
    ['third', 'adbeafdeebbe0df00d000000'],
  ] as const)
    it(
      `W7: a welcome whose ${which} word is wrong fails the attempt`,
      withNet(async (net) => {
        const { world, peer, result, events } = await reach(net)
        peer.send(greeting)
        assert.is(await peer.take(16), answer)
        peer.send(bytes + helloPacket)
        assert.is(await result, NetworkError.handshakeFailed)
        await until(() => peer.isClosed && events.length === 1, [world])
        assert.is(events[0]!.type, NetworkType.nonBlockingConnect)
        assert.is(events[0]!.succeeded, 0)
      }),
    )

  for (const bytes of ['', greeting.slice(0, 20), greeting])
    it(
      `W7: a server that leaves after ${bytes.length / 2} bytes of the handshake fails the attempt`,
      withNet(async (net) => {
        const { world, peer, result, events } = await reach(net)
        if (bytes !== '') peer.send(bytes)
        peer.end()
        assert.is(await result, NetworkError.connectionClosed)
        await until(() => events.length === 1, [world])
        assert.is(events[0]!.succeeded, 0)
      }),
    )

  it(
    'W8: a payload that looks like a header is a payload',
    withNet(async (net) => {
      const { world, peer, events } = await connected(net)
      const payload = 'dec0adde0c00000001000000'
      peer.send(`dec0adde0c0000000c000000${payload}${helloPacket}`)
      await until(() => events.length === 2, [world])
      assert.equal(messagesOf(events), [payload, hello])
    }),
  )

  it(
    'W9: an empty packet between two others is an event of size 0',
    withNet(async (net) => {
      const { world, peer, events } = await connected(net)
      peer.send(helloPacket + emptyPacket + helloPacket)
      await until(() => events.length === 3, [world])
      assert.equal(messagesOf(events), [hello, '', hello])
    }),
  )

  for (const wrong of ['dec0adde0b000000', 'dec0adde0d000000', 'ffffffff0c000000'])
    it(
      `W10, W11: ${wrong} is dropped with a warning by default`,
      withNet(async (net) => {
        const { world, peer, events } = await connected(net)
        peer.send(`${wrong}0500000068656c6c6f`)
        await until(() => net.warnings.length === 1, [world])
        peer.send(packet('aa'))
        await until(() => events.length === 1, [world])
        assert.equal(messagesOf(events), ['aa'])
      }),
    )

  it(
    'W12: with the policy close a bad header ends the connection, without an event',
    withNet(async (net) => {
      const { world, socket, peer, events } = await connected(net, { malformed: 'close' })
      peer.send(`${helloPacket}ffffffff`)
      await until(() => hasComponent(world, socket, Disconnected), [world])
      await until(() => peer.isClosed)
      assert.equal(messagesOf(events), [hello])
      assert.is(events.length, 1)
      assert.is(Socket(world).disconnectReason[socket], DisconnectReason.malformed)
    }),
  )

  it(
    'W13: a packet above the limit ends the connection; 64 MiB is the limit, unless set',
    withNet(async (net) => {
      const standard = await connected(net)
      standard.peer.send('dec0adde0c00000001000004')
      await until(
        () => hasComponent(standard.world, standard.socket, Disconnected),
        [standard.world],
      )
      assert.is(Socket(standard.world).disconnectReason[standard.socket], DisconnectReason.tooLarge)

      const { world, socket, peer, events } = await connected(net)
      peer.send('dec0adde0c00000000000004')
      await turns(10)
      assert.is(setNetworkConfig(world, socket, { messageBytesMax: 4 }), 0)
      assert.ok(hasComponent(world, socket, Connected))

      const small = await connected(net)
      assert.is(setNetworkConfig(small.world, small.socket, { messageBytesMax: 5 }), 0)
      small.peer.send(`${helloPacket}dec0adde0c00000006000000`)
      await until(() => hasComponent(small.world, small.socket, Disconnected), [small.world])
      assert.equal(messagesOf(small.events), [hello])
      assert.is(Socket(small.world).disconnectReason[small.socket], DisconnectReason.tooLarge)
      assert.equal(events, [])
    }),
  )

  it(
    'W14: the end of the stream inside a packet gives no data',
    withNet(async (net) => {
      const { world, socket, peer, events } = await connected(net)
      peer.send(helloPacket + helloPacket.slice(0, 26))
      peer.end()
      await until(() => hasComponent(world, socket, Disconnected), [world])
      assert.equal(messagesOf(events), [hello])
      assert.is(events.length, 1)
      assert.is(Socket(world).discardedBytes[socket], 13)
    }),
  )

  it(
    'W15: a silent server fails the attempt after the time limit',
    withNet(async (net) => {
      const { world, socket, peer, result, events } = await reach(net, { connectTimeoutMs: 60 })
      const started = performance.now()
      assert.is(await result, NetworkError.timedOut)
      assert.ok(performance.now() - started < 5_000)
      await until(() => peer.isClosed && events.length === 1, [world])
      assert.is(events[0]!.type, NetworkType.nonBlockingConnect)
      assert.is(events[0]!.succeeded, 0)
      assert.ok(hasComponent(world, socket, Disconnected))
      assert.is(hasComponent(world, socket, Connecting), false)
      assert.is(Socket(world).connectError[socket], NetworkError.timedOut)
    }),
  )

  it(
    'W15: so does one that greets and then says no more, with a limit of its own',
    withNet(async (net) => {
      const { world, socket } = net.client()
      const listener = await net.listen()
      const options = { timeoutMs: 60 }
      const result = connectSocket(world, socket, '127.0.0.1', listener.port, options)
      const peer = await listener.accept()
      peer.send(greeting)
      assert.is(await result, NetworkError.timedOut)
    }),
  )

  it(
    'W22, W23: a raw client is connected at once and sends what it is given',
    withNet(async (net) => {
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
    }),
  )

  it(
    'sendRaw on a packet connection goes out as it is, with one hint',
    withNet(async (net) => {
      const { world, socket, peer } = await connected(net)
      assert.is(sendRaw(world, socket, Buffer.from('hello')), 5)
      assert.is(sendRaw(world, socket, Buffer.from('hello')), 5)
      assert.is(await peer.take(10), hello + hello)
      assert.is(net.warnings.length, 1)
    }),
  )

  it(
    'one write per socket leaves when the synchronous code ends',
    withNet(async (net) => {
      const { world, socket, peer } = await connected(net)
      for (let index = 0; index < 3; index++) sendPacket(world, socket, Buffer.from('hello'))
      assert.is(await peer.take(51), helloPacket + helloPacket + helloPacket)
      assert.is(Socket(world).packetsOut[socket], 3)
      // With the 16 bytes of the answer.
      assert.is(Socket(world).bytesOut[socket], 67)
    }),
  )
})
