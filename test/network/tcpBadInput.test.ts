import { addEntity, removeEntity } from 'bitecs'
import {
  BufferKind,
  BufferType,
  connectSocket,
  createBuffer,
  createServer,
  createSocket,
  destroySocket,
  DisconnectReason,
  NetworkError,
  NetworkSystem,
  NetworkType,
  onNetworking,
  resolveHost,
  sendPacket,
  sendRaw,
  setNetworkConfig,
  setSocketTimeout,
  Socket,
  SocketType,
  writeBuffer,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { hello, helloPacket, joinServer, packet, u32 } from '../lib/gameMaker.ts'
import { messagesOf, onEach } from '../lib/recordEvents.ts'
import { turns, until } from '../lib/until.ts'

/** Any value where another type is wanted. */
const wrong = (value: unknown): never => value as never

function throwsNaming(
  run: () => unknown,
  kind: typeof RangeError | typeof TypeError,
  ...parts: string[]
): void {
  try {
    run()
  } catch (error) {
    assert.ok(error instanceof kind, `${String(error)} is no ${kind.name}`)
    for (const part of parts) assert.match(error.message, part)
    return
  }
  assert.unreachable(`should have thrown a ${kind.name} with ${parts.join(', ')}`)
}

netSpec('arguments of the caller', (it) => {
  it('ports out of range are a RangeError that names function, argument and value', async (net) => {
    const { world, socket } = net.client()
    for (const port of [70_000, -1, 1.5, NaN, Infinity])
      throwsNaming(
        () => createServer(world, SocketType.tcp, port),
        RangeError,
        'createServer',
        'port',
        String(port),
      )
    for (const port of [70_000, -1, 0, 0.5])
      throwsNaming(
        () => void connectSocket(world, socket, '127.0.0.1', port),
        RangeError,
        'connectSocket',
        'port',
        String(port),
      )
    await turns()
    assert.is(Socket(world).connectError[socket], 0)
  })

  it('values of the wrong type are a TypeError that names function and argument', async (net) => {
    const { world, socket } = net.client()
    const tcp = SocketType.tcp
    const cases: [() => unknown, string, string][] = [
      [() => createServer(wrong({}), tcp, 0), 'createServer', 'world'],
      [() => createServer(wrong(null), tcp, 0), 'createServer', 'world'],
      [() => createServer(world, tcp, wrong('6510')), 'createServer', 'port'],
      [() => createServer(world, tcp, wrong(undefined)), 'createServer', 'port'],
      [() => createServer(world, wrong('tcp'), 0), 'createServer', 'type'],
      [() => createServer(world, wrong({}), 0), 'createServer', 'type'],
      [() => createServer(world, tcp, 0, { maxClients: wrong('8') }), 'createServer', 'maxClients'],
      [() => createServer(world, tcp, 0, { host: wrong(7) }), 'createServer', 'host'],
      [() => createServer(world, tcp, 0, { malformed: wrong('x') }), 'createServer', 'malformed'],
      [() => createSocket(world, wrong(undefined)), 'createSocket', 'type'],
      [() => connectSocket(world, socket, wrong(7), 80), 'connectSocket', 'host'],
      [() => connectSocket(world, socket, '', 80), 'connectSocket', 'host'],
      [() => connectSocket(world, wrong('1'), 'localhost', 80), 'connectSocket', 'socket'],
      [() => sendPacket(world, socket, wrong(5)), 'sendPacket', 'buffer'],
      [() => sendPacket(world, socket, wrong(undefined), 4), 'sendPacket', 'buffer'],
      [() => sendPacket(world, wrong(undefined), Buffer.from('x')), 'sendPacket', 'target'],
      [() => sendRaw(world, socket, wrong([1, 2])), 'sendRaw', 'buffer'],
      [() => sendPacket(world, socket, Buffer.from('x'), wrong('1')), 'sendPacket', 'size'],
      [() => onNetworking(world, socket, wrong(undefined)), 'onNetworking', 'handler'],
      [() => onNetworking(world, 9_999, () => undefined), 'onNetworking', 'entity'],
      [() => setNetworkConfig(world, wrong({ port: 1 })), 'setNetworkConfig', 'port'],
      [() => setNetworkConfig(world, { gameId: wrong('1') }), 'setNetworkConfig', 'gameId'],
      [() => setSocketTimeout(world, socket, wrong('1'), 1), 'setSocketTimeout', 'readMs'],
    ]
    for (const [run, where, what] of cases) throwsNaming(run, TypeError, where, what)
  })

  it('the failures of promises for wrong arguments', async () => {
    for (const host of ['', 7, undefined]) {
      const error: unknown = await resolveHost(wrong(host)).catch((reason: unknown) => reason)
      assert.instance(error, TypeError)
    }
  })

  it('a send that cannot be done now is a named negative code, and nothing is sent', async (net) => {
    const host = net.server()
    const { world, server } = host
    const bytes = Buffer.from('hello')
    const idle = createSocket(world, SocketType.tcp)
    assert.is(sendPacket(world, idle, bytes), NetworkError.notConnected)
    assert.is(sendRaw(world, idle, bytes), NetworkError.notConnected)

    const listener = await net.listen()
    const connecting = connectSocket(world, idle, '127.0.0.1', listener.port)
    const silent = await listener.accept()
    assert.is(sendPacket(world, idle, bytes), NetworkError.notConnected)

    assert.is(sendPacket(world, server, bytes), NetworkError.wrongRole)
    assert.is(await connectSocket(world, server, '127.0.0.1', 80), NetworkError.wrongRole)
    assert.is(sendPacket(world, 9_999, bytes), NetworkError.unknownSocket)
    assert.is(sendPacket(world, -1, bytes), NetworkError.unknownSocket)
    assert.is(sendPacket(world, addEntity(world), bytes), NetworkError.unknownSocket)
    assert.is(await connectSocket(world, 9_999, '127.0.0.1', 80), NetworkError.unknownSocket)

    const peer = await net.join(host.port)
    await until(() => host.events.length === 1, [world])
    const client = host.events[0]!.socket!
    assert.is(await connectSocket(world, client, '127.0.0.1', 80), NetworkError.wrongRole)
    assert.is(sendPacket(world, client, bytes, 6), NetworkError.tooLarge)
    const buffer = createBuffer(4, BufferKind.grow, 1)
    writeBuffer(buffer, BufferType.u32, 1)
    assert.is(sendPacket(world, client, buffer, 5), NetworkError.tooLarge)
    assert.is(sendPacket(world, client, buffer, 2 ** 40), NetworkError.tooLarge)
    throwsNaming(() => sendPacket(world, client, buffer, 1.5), RangeError, 'sendPacket', 'size')
    throwsNaming(() => sendPacket(world, client, buffer, -1), RangeError, 'sendPacket', 'size')

    assert.is(sendPacket(world, client, bytes), 17)
    destroySocket(world, client)
    assert.is(sendPacket(world, client, bytes), NetworkError.unknownSocket)
    await until(() => peer.hasEnded, [world])
    assert.is(peer.takeAll(), helloPacket)
    assert.is(silent.size, 0)

    destroySocket(world, idle)
    assert.is(await connecting, NetworkError.connectionClosed)
  })

  it('a send to a peer that has gone is a negative code from the moment it is known', async (net) => {
    const { world, events, peer, client } = await net.joined()
    peer.close()
    await until(() => sendPacket(world, client, Buffer.from('x')) === NetworkError.notConnected)
    await until(() => events.length === 2, [world])
    assert.is(sendPacket(world, client, Buffer.from('x')), NetworkError.unknownSocket)
  })

  it('a socket whose entity was removed is unknown, and its peer sees the end', async (net) => {
    const { world, events, peer } = await net.joined()
    removeEntity(world, events[0]!.socket!)
    assert.is(sendPacket(world, events[0]!.socket!, Buffer.from('x')), NetworkError.unknownSocket)
    await until(() => peer.hasEnded, [world])
  })
})

interface Attack {
  readonly name: string
  readonly malformed: 'discard' | 'raw' | 'close'
  readonly hex: string
  readonly endsAfter?: boolean
  /** The reason its connection ends with; `undefined` if it stays. */
  readonly reason: DisconnectReason | undefined
  readonly discarded: number
  /** What it delivers. */
  readonly messages: readonly string[]
}

const badMagic = 'dec0addf0c0000000500000068656c6c6f'
const attacks: readonly Attack[] = [
  {
    name: 'a wrong magic under discard',
    malformed: 'discard',
    hex: badMagic,
    reason: undefined,
    discarded: 17,
    messages: [],
  },
  {
    name: 'a wrong magic under raw',
    malformed: 'raw',
    hex: badMagic,
    reason: undefined,
    discarded: 0,
    messages: [badMagic],
  },
  {
    name: 'a wrong magic under close',
    malformed: 'close',
    hex: badMagic,
    reason: DisconnectReason.malformed,
    discarded: 17,
    messages: [],
  },
  {
    name: 'a header size that is not 12 under close',
    malformed: 'close',
    hex: 'dec0adde0d00000000000000',
    reason: DisconnectReason.malformed,
    discarded: 12,
    messages: [],
  },
  {
    name: 'a length of 4 GiB',
    malformed: 'discard',
    hex: 'dec0adde0c000000ffffffff',
    reason: DisconnectReason.tooLarge,
    discarded: 12,
    messages: [],
  },
  {
    name: 'half a packet and the end',
    malformed: 'discard',
    hex: 'dec0adde0c000000ff00000068656c6c6f',
    endsAfter: true,
    reason: DisconnectReason.closed,
    discarded: 17,
    messages: [],
  },
]

netSpec('bad input concerns its own socket only (R-03)', (it) => {
  for (const { name, malformed, hex, endsAfter, reason, discarded, messages } of attacks)
    it(`${name}, while 20 other connections lose nothing`, async (net) => {
      const { world, port, events } = net.server({ malformed })
      const peers = await net.peers(port, 20)
      const attacker = await net.peer(port)
      await Promise.all([...peers, attacker].map((peer) => joinServer(peer)))
      await until(() => events.length === 21, [world])
      const clientOf = new Map(events.map((event) => [event.port, event.socket!]))
      const bad = clientOf.get(attacker.localPort)!
      const ends: { reason: number; discarded: number }[] = []
      onEach(world, (load) => {
        if (load.type !== NetworkType.disconnect) return
        assert.is(load.socket, bad)
        const { disconnectReason, discardedBytes } = Socket(world)
        ends.push({
          reason: disconnectReason[load.socket]!,
          discarded: discardedBytes[load.socket]!,
        })
      })

      const rounds = 30
      let count = 0
      await until(
        () => count === rounds,
        () => {
          for (const peer of peers) peer.send(packet(u32(count)))
          if (count === 10) attacker.send(hex)
          if (count === 10 && endsAfter === true) attacker.end()
          count++
          NetworkSystem(world)
        },
      )
      const isDone = (): boolean =>
        messagesOf(events).length === 20 * rounds + messages.length &&
        (reason === undefined
          ? malformed === 'raw' || net.warnings.length === 1
          : ends.length === 1)
      await until(isDone, [world])
      NetworkSystem(world)

      const sent = Array.from({ length: rounds }, (_, index) => u32(index))
      for (const peer of peers) assert.equal(messagesOf(events, clientOf.get(peer.localPort)), sent)
      assert.equal(messagesOf(events, bad), messages)
      if (reason === undefined) {
        assert.equal(ends, [])
        assert.is(Socket(world).discardedBytes[bad], discarded)
        attacker.send(helloPacket)
        await until(() => messagesOf(events, bad).length === messages.length + 1, [world])
        assert.is(messagesOf(events, bad).at(-1), hello)
      } else {
        assert.equal(ends, [{ reason, discarded }])
        if (endsAfter !== true) await until(() => attacker.isClosed, [world])
        assert.is(sendPacket(world, bad, Buffer.from('x')), NetworkError.unknownSocket)
      }
    })
})
