import { hasComponent } from 'bitecs'
import {
  Connected,
  connectSocket,
  destroySocket,
  Disconnected,
  DisconnectReason,
  NetworkError,
  type NetworkConfig,
  NetworkType,
  sendPacket,
  type ServerOptions,
  Socket,
} from 'bitecs-networking'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { type ClientHost, type ServerHost, type TestNet } from '../lib/TestNet.ts'
import { messagesOf } from '../lib/recordEvents.ts'
import { until } from '../lib/until.ts'
import { Program } from './Program.ts'
import { findPython } from './programs.ts'
import { specWith } from '../lib/specWith.ts'
import { echo, withWebSocket } from './withWebSocket.ts'

const python = findPython()

/** The sizes of gamemaker.py. */
const sizes = [0, 1, 11, 12, 13, 113, 114, 125, 126, 127, 300, 65_523, 65_524, 65_535, 65_536]
sizes.push(90_000, 2 ** 20)

const hex = (text: string): string => Buffer.from(text).toString('hex')

function sizesOf({ events }: ServerHost | ClientHost): number[] {
  return events.flatMap(({ size }) => (size === undefined ? [] : [size]))
}

function typesOf({ events }: ServerHost | ClientHost): number[] {
  return events.map(({ type }) => type)
}

specWith(python, 'a Python client of our WebSocket server', (it, path) => {
  const withClient = (
    name: string,
    check: (host: ServerHost, client: Program, net: TestNet) => Promise<void>,
    options: ServerOptions = {},
    config: Partial<NetworkConfig> = {},
  ): (() => Promise<void>) =>
    withWebSocket(async (net) => {
      const host = net.server(options, config)
      const client = new Program(path, [
        '-B',
        join('test', 'interop', 'client.py'),
        name,
        `ws://127.0.0.1:${host.port}/`,
      ])
      try {
        await check(host, client, net)
      } finally {
        client.end()
      }
    })

  it(
    'exchanges packets of many sizes, up to 1 MiB',
    withClient('packets', async (host, client, net) => {
      echo(host.world)
      await until(() => host.events.length > 0, [host.world])
      assert.is(Socket(host.world).gameId[host.events[0]!.socket!], -123_456_789)
      await client.succeeds(host.world)
      await until(() => typesOf(host).includes(NetworkType.disconnect), [host.world])
      assert.equal(sizesOf(host), [...sizes, ...sizes])
      assert.equal(net.warnings, [])
    }),
  )

  it(
    'may put several packets in a message, one in several, and a message in fragments',
    withClient('cuts', async (host, client, net) => {
      echo(host.world)
      await client.succeeds(host.world)
      assert.equal(sizesOf(host), [3, 0, 300, ...Array<number>(9).fill(300), 3, 300, 3, 300])
      assert.equal(net.warnings, [])
    }),
  )

  it(
    'exchanges text and binary messages in raw mode',
    withClient(
      'raw',
      async (host, client, net) => {
        echo(host.world)
        await client.succeeds(host.world)
        const types = [2, 1, 2, 1, 2, 2, 1, 2]
        const data = host.events.filter(({ type }) => type === NetworkType.data)
        assert.equal(
          data.map(({ message_type }) => message_type),
          [...types, ...types],
        )
        assert.is(data[0]!.buffer, '68c3a9')
        assert.is(data[5]!.buffer, 'efbbbfe282ac20f09f9880')
        assert.equal(sizesOf(host).slice(0, 8), [3, 3, 0, 0, 1, 11, 2 ** 20, 2 ** 20])
        assert.equal(net.warnings, [])
      },
      { raw: true },
    ),
  )

  it(
    'is refused compression and gets the sub-protocol',
    withClient('offers', (host, client) => client.succeeds(host.world), { protocol: 'game' }),
  )

  it(
    'closes cleanly: its last packet arrives, then one disconnect',
    withClient('closes', async (host, client) => {
      await until(() => host.events.length === 3, [host.world])
      assert.equal(typesOf(host), [NetworkType.connect, NetworkType.data, NetworkType.disconnect])
      assert.equal(messagesOf(host.events), [hex('goodbye')])
      await client.succeeds(host.world)
      assert.equal(client.lines, ['closed 1000'])
      assert.is(host.events.length, 3)
    }),
  )

  it(
    'is gone without a word: one disconnect, the unfinished packet is dropped',
    withClient('breaks', async (host, client) => {
      echo(host.world)
      await client.succeeds(host.world)
      await until(() => host.events.length >= 3, [host.world])
      assert.equal(typesOf(host), [NetworkType.connect, NetworkType.data, NetworkType.disconnect])
      assert.equal(messagesOf(host.events), [hex('hello')])
    }),
  )

  it(
    'hears last words and 1000 when its socket is destroyed',
    withClient('stays', async (host, client) => {
      await until(() => host.events.length === 1, [host.world])
      destroySocket(host.world, host.events[0]!.socket!)
      await client.succeeds(host.world)
      assert.equal(client.lines, ['closed 1000'])
      assert.is(host.events.length, 1)
    }),
  )

  it(
    'hears 1001 when the server is destroyed',
    withClient('stays', async (host, client) => {
      await until(() => host.events.length === 1, [host.world])
      destroySocket(host.world, host.server)
      await client.succeeds(host.world)
      assert.equal(client.lines, ['closed 1001'])
    }),
  )

  it(
    'gets 503 when the server is full',
    withClient(
      'enters',
      async (host, client) => {
        await client.succeeds(host.world)
        assert.equal(client.lines, ['status 503'])
        assert.equal(host.events, [])
        assert.is(Socket(host.world).refused[host.server], 1)
      },
      { maxClients: 0 },
    ),
  )

  it(
    'hears 1002 for a wrong answer, and nobody else hears of it',
    withClient('answers_wrongly', async (host, client) => {
      await client.succeeds(host.world)
      assert.equal(client.lines, Array<string>(6).fill('closed 1002'))
      assert.equal(host.events, [])
      assert.is(Socket(host.world).failedHandshakes[host.server], 6)
    }),
  )

  it(
    'hears 1009 for a packet above the limit',
    withClient(
      'too_large',
      async (host, client) => {
        await client.succeeds(host.world)
        assert.equal(client.lines, ['closed 1009', 'closed 1009'])
        const { connect, disconnect } = NetworkType
        await until(() => host.events.length === 4, [host.world])
        assert.equal(typesOf(host), [connect, disconnect, connect, disconnect])
      },
      { messageBytesMax: 1_000 },
    ),
  )

  it(
    'hears 1002 for malformed packets where the policy is to close',
    withClient(
      'malformed',
      async (host, client) => {
        await client.succeeds(host.world)
        assert.equal(client.lines, ['closed 1002'])
        assert.equal(messagesOf(host.events), [hex('good')])
        assert.is(typesOf(host).at(-1), NetworkType.disconnect)
      },
      { malformed: 'close' },
    ),
  )
})

specWith(python, 'a Python server of our WebSocket client', (it, path) => {
  const withServer = (
    name: string,
    check: (guest: ClientHost, port: number, server: Program, net: TestNet) => Promise<void>,
    config: Partial<NetworkConfig> = {},
  ): (() => Promise<void>) =>
    withWebSocket(async (net) => {
      const server = new Program(path, ['-B', join('test', 'interop', 'server.py'), name])
      try {
        const port = Number(await server.says('port'))
        await check(net.client(config), port, server, net)
      } finally {
        server.end()
      }
    })

  it(
    'exchanges packets of many sizes, up to 1 MiB',
    withServer(
      'packets',
      async ({ world, socket, events }, port, server, net) => {
        echo(world)
        assert.is(await connectSocket(world, socket, '127.0.0.1', port), socket)
        await until(() => events.length === sizes.length, [world])
        // What was sent still leaves.
        destroySocket(world, socket)
        await server.succeeds(world)
        assert.equal(
          events.map(({ size }) => size),
          sizes,
        )
        assert.equal(server.lines.slice(1), ['extensions 0', 'closed 1000'])
        assert.equal(net.warnings, [])
      },
      { gameId: 77 },
    ),
  )

  it(
    'may put several packets in a message, one in several, and a message in fragments',
    withServer('cuts', async ({ world, socket, events }, port, server, net) => {
      echo(world)
      assert.is(await connectSocket(world, socket, '127.0.0.1', port), socket)
      await until(() => events.length === 13, [world])
      destroySocket(world, socket)
      await server.succeeds(world)
      assert.equal(messagesOf(events).slice(0, 1), [hex('at once')])
      assert.equal(net.warnings, [])
    }),
  )

  it(
    'exchanges text and binary messages in raw mode',
    withServer('raw', async ({ world, socket, events }, port, server, net) => {
      echo(world)
      const url = `ws://127.0.0.1:${port}/a/path?and=more`
      assert.is(await connectSocket(world, socket, url, 0, { raw: true }), socket)
      await until(() => events.length === 8, [world])
      destroySocket(world, socket)
      await server.succeeds(world)
      assert.equal(
        events.map(({ message_type }) => message_type),
        [2, 1, 2, 1, 2, 2, 1, 2],
      )
      assert.equal(net.warnings, [])
    }),
  )

  it(
    'closes cleanly: its last packet arrives, then the entity is Disconnected',
    withServer('closes', async ({ world, socket, events }, port, server) => {
      assert.is(await connectSocket(world, socket, '127.0.0.1', port), socket)
      await until(() => hasComponent(world, socket, Disconnected), [world])
      assert.is(Socket(world).disconnectReason[socket], DisconnectReason.closed)
      assert.equal(messagesOf(events), [hex('goodbye')])
      assert.is(events.length, 1)
      await server.succeeds(world)
      assert.is(server.lines.at(-1), 'closed 1001')
    }),
  )

  it(
    'is gone without a word: the setting clientDisconnectEvents adds an event',
    withServer(
      'breaks',
      async ({ world, socket, events }, port, server) => {
        assert.is(await connectSocket(world, socket, '127.0.0.1', port), socket)
        await until(() => hasComponent(world, socket, Disconnected), [world])
        assert.is(Socket(world).disconnectReason[socket], DisconnectReason.reset)
        assert.equal(
          events.map(({ type, id }) => [type, id]),
          [
            [NetworkType.data, socket],
            [NetworkType.disconnect, socket],
          ],
        )
        assert.is(Socket(world).discardedBytes[socket], 50)
        await server.succeeds(world)
      },
      { clientDisconnectEvents: true },
    ),
  )

  for (const name of ['greets_wrongly', 'welcomes_wrongly'])
    it(
      `is left with 1002 when it ${name.replace('_', ' ')}`,
      withServer(name, async ({ world, socket, events }, port, server) => {
        const result = await connectSocket(world, socket, '127.0.0.1', port, { async: true })
        assert.is(result, NetworkError.handshakeFailed)
        assert.is(Socket(world).connectError[socket], NetworkError.handshakeFailed)
        assert.is(hasComponent(world, socket, Connected), false)
        assert.is(sendPacket(world, socket, new Uint8Array(1)), NetworkError.notConnected)
        await until(() => events.length === 1, [world])
        assert.is(events[0]!.succeeded, 0)
        await server.succeeds(world)
        assert.is(server.lines.at(-1), 'closed 1002')
      }),
    )
})
