import { createWorld, query, type World } from 'bitecs'
import {
  type ConnectOptions,
  connectSocket,
  createMemoryDatagrams,
  createServer,
  createSocket,
  createVirtualClock,
  flushNetwork,
  type NetworkConfig,
  NetworkSystem,
  type RawOptions,
  sendRaw,
  type ServerOptions,
  setNetworkConfig,
  Socket,
  type SocketConfig,
  SocketType,
  startTicks,
  type TicksOptions,
} from 'bitecs-networking'
import {
  gml_bind,
  network_create_server,
  network_destroy,
  network_socket_udp,
} from 'bitecs-networking/gml'
import { createServer as createHttpServer } from 'node:http'
import * as assert from 'uvu/assert'
import { type TestNet } from '../lib/TestNet.ts'
import { logOf } from '../lib/recordEvents.ts'
import { portOf } from '../lib/sockets.ts'
import { throws } from '../lib/throws.ts'
import { createMemoryNet } from '../lib/withNet.ts'
import { spec } from '../spec.ts'
import { misspelt, needed, outOfRange, wrongValues } from './wrongOptions.ts'

/** A public function with options. */
interface Subject {
  readonly where: string
  /** What a set of its options is called in messages. */
  readonly kind: string
  /** Calls it with options of any type. */
  call(options: unknown): unknown
  /** What a call would change. */
  state(): unknown
}

function entitiesOf(world: World): number[] {
  return [...query(world, [])]
}

/** Each function in a world with a connected client. */
function subjectsIn(net: TestNet): Record<string, Subject> {
  const host = net.world({}, undefined)
  const guest = net.world()
  const server = net.serverIn(host)
  const idle = createSocket(guest, net.transport)
  const { client } = net.link(host, server, guest)
  const clock = createVirtualClock()
  const log = logOf(host)
  const none = (): unknown => [entitiesOf(host), entitiesOf(guest), clock.pendingTimers]
  return {
    createServer: {
      where: 'createServer',
      kind: 'option',
      call: (options) => createServer(host, net.transport, 9_000, options as ServerOptions),
      state: none,
    },
    connectSocket: {
      where: 'connectSocket',
      kind: 'option',
      call: (options) =>
        connectSocket(guest, idle, 'memory', portOf(host, server), options as ConnectOptions),
      state: () => [none(), net.clock.pendingTimers, Socket(guest).bytesOut[idle]],
    },
    sendRaw: {
      where: 'sendRaw',
      kind: 'option',
      call: (options) => sendRaw(guest, client, Uint8Array.of(1, 2), options as RawOptions),
      state() {
        flushNetwork(guest)
        NetworkSystem(host)
        return [none(), log.length, Socket(host).discardedBytes.slice()]
      },
    },
    'setNetworkConfig of a socket': {
      where: 'setNetworkConfig',
      kind: 'socket setting',
      call: (options) => setNetworkConfig(guest, client, options as SocketConfig),
      state: none,
    },
    'setNetworkConfig of a world': {
      where: 'setNetworkConfig',
      kind: 'setting',
      call: (options) => setNetworkConfig(guest, options as Partial<NetworkConfig>),
      state: none,
    },
    startTicks: {
      where: 'startTicks',
      kind: 'option',
      call: (options) => startTicks(() => {}, withClock(options, clock) as TicksOptions),
      state: none,
    },
  }
}

/** Ticks on a virtual clock, so that none are left if a case fails. */
function withClock(options: unknown, clock: unknown): unknown {
  const isObject = typeof options === 'object' && options !== null && !Array.isArray(options)
  return isObject ? { clock, ...options } : options
}

/** Calls a function with wrong options: it throws, and nothing has changed. */
function refuses(
  name: string,
  options: unknown,
  type: ErrorConstructor,
  message: (subject: Subject) => string,
): void {
  const net = createMemoryNet()
  try {
    const subject = subjectsIn(net)[name]!
    const before = subject.state()
    const escaped = message(subject).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    throws(() => subject.call(options), type, new RegExp(`^${subject.where}: ${escaped}`))
    assert.equal(subject.state(), before)
  } finally {
    net.close()
  }
}

spec('options', (it) => {
  for (const [name, names] of Object.entries(misspelt))
    for (const [wrong, right] of Object.entries(names))
      it(`${name} refuses ${wrong} and names ${right}`, () => {
        const options = { ...needed[name], [wrong]: 1 }
        refuses(
          name,
          options,
          TypeError,
          ({ kind }) => `there is no ${kind} "${wrong}"; did you mean "${right}"?`,
        )
      })

  for (const name of Object.keys(wrongValues))
    it(`${name} refuses a name that every object has, and one that is undefined`, () => {
      for (const wrong of ['constructor', 'toString', 'hasOwnProperty', 'unheardOf']) {
        const options = { ...needed[name], [wrong]: undefined }
        refuses(name, options, TypeError, ({ kind }) => `there is no ${kind} "${wrong}"; `)
      }
    })

  for (const name of Object.keys(wrongValues).filter(
    (each) => each !== 'setNetworkConfig of a world',
  ))
    it(`${name} refuses options that are not an object`, () => {
      for (const wrong of [null, 5, 'raw', true, [], [1], () => {}])
        refuses(name, wrong, TypeError, ({ kind }) => `${kind}s must be an object, got `)
    })

  for (const [name, table] of Object.entries(wrongValues))
    for (const [option, [expected, ...values]] of Object.entries(table))
      it(`${name} refuses values of a wrong type for ${option}`, () => {
        for (const value of values)
          refuses(
            name,
            { ...needed[name], [option]: value },
            TypeError,
            () => `${option} must be ${expected}`,
          )
      })

  for (const [name, table] of Object.entries(outOfRange))
    for (const [option, values] of Object.entries(table))
      it(`${name} refuses a ${option} that is out of range`, () => {
        for (const value of values)
          refuses(
            name,
            { ...needed[name], [option]: value },
            RangeError,
            () => `${option} must be `,
          )
      })

  it('takes an option that is undefined as not given', () => {
    for (const [name, table] of Object.entries(wrongValues)) {
      const net = createMemoryNet()
      const all = Object.fromEntries(Object.keys(table).map((option) => [option, undefined]))
      const result = subjectsIn(net)[name]!.call({ ...all, ...needed[name] })
      if (typeof result === 'number') assert.ok(result >= 0, name)
      if (name === 'startTicks') (result as { stop(): void }).stop()
      net.close()
    }
  })
})

spec('options :: of a certificate', (it) => {
  for (const [name, certificate, message] of [
    ['crt', { crt: 'x', key: 'y' }, 'there is no certificate option "crt"; did you mean "cert"?'],
    [
      'keys',
      { cert: 'x', keys: 'y' },
      'there is no certificate option "keys"; did you mean "key"?',
    ],
    ['a third', { cert: 'x', key: 'y', passphrase: 'z' }, 'there is no certificate option "pass'],
    ['none', {}, 'certificate.cert must be a text or bytes in PEM, got undefined'],
    ['no key', { cert: 'x' }, 'certificate.key must be a text or bytes in PEM, got undefined'],
    ['a number', { cert: 5, key: 'y' }, 'certificate.cert must be a text or bytes in PEM, got 5'],
    ['an array', ['x', 'y'], 'certificate options must be an object, got an array of 2'],
  ] as const)
    it(`refuses ${name}`, () => {
      refuses('createServer', { certificate }, TypeError, () => message)
    })
})

spec('options :: of several at once', (it) => {
  it('a wrong setting among right ones changes none of them', () => {
    const net = createMemoryNet()
    const host = net.world()
    const log = logOf(host)
    const link = net.link(host, net.serverIn(host))
    for (const wrong of [{ gameId: '5' }, { gameID: 5 }])
      throws(
        () => setNetworkConfig(host, { eventsPerTickMax: 1, ...wrong } as Partial<NetworkConfig>),
        TypeError,
        /gameI[dD]/,
      )
    for (let index = 0; index < 3; index++)
      sendRaw(link.guest, link.client, Buffer.from('dec0adde0c00000000000000', 'hex'))
    flushNetwork(link.guest)
    NetworkSystem(host)
    assert.is(log.length, 4, 'one tick has taken all')
    net.close()
  })

  it('a certificate is refused where no server would use it', () => {
    const net = createMemoryNet()
    const world = net.world()
    for (const type of [SocketType.tcp, SocketType.udp, SocketType.ws])
      throws(
        () => createServer(world, type, 0, { certificate: { cert: 'a', key: 'b' } }),
        TypeError,
        /createServer: certificate is an option of SocketType\.wss only/,
      )
    net.close()
  })

  it('an option of other types is refused, and nothing is bound; undefined is none', async () => {
    const net = createMemoryNet()
    const world = net.world()
    const { tcp, udp, ws, wss } = SocketType
    const http = createHttpServer()
    const values: readonly (readonly [ServerOptions, readonly SocketType[]])[] = [
      [{ path: '/game' }, [tcp, udp]],
      [{ origins: ['https://example.org'] }, [tcp, udp]],
      [{ protocol: 'game' }, [tcp, udp]],
      [{ http }, [tcp, udp]],
      [{ maxClients: 5 }, [udp]],
      [{ malformed: 'close' }, [udp]],
    ]
    for (const [options, types] of values)
      for (const type of types) {
        const [name = ''] = Object.keys(options)
        const message = new RegExp(
          `^createServer: ${name} is an option of SocketType\\.\\w+, .* only$`,
        )
        throws(() => createServer(world, type, 0, options), TypeError, message)
        assert.ok(createServer(world, type, 0, { [name]: undefined }) > 0)
      }
    assert.equal(http.listenerCount('upgrade'), 0)
    const socket = createSocket(world, tcp)
    for (const options of [{ protocol: 'game' }, { ca: 'pem' }])
      throws(
        () => connectSocket(world, socket, '127.0.0.1', 9, options),
        TypeError,
        /^connectSocket: (?:protocol|ca) is an option of SocketType\.ws, SocketType\.wss only$/,
      )
    assert.is(Socket(world).connectError[socket], 0)
    for (const type of [ws, wss]) {
      const client = createSocket(world, type)
      assert.ok((await connectSocket(world, client, '127.0.0.1', 9, { protocol: 'game' })) < 0)
    }
    net.close()
  })

  it("GameMaker's max_client is no option of UDP, and its servers go on", () => {
    const before = gml_bind(createWorld())
    const server = network_create_server(network_socket_udp, 0, 32)
    assert.ok(server >= 0)
    network_destroy(server)
    if (before !== undefined) gml_bind(before)
  })

  it('a UDP server refuses unknown options too, and binds nothing', () => {
    const net = createMemoryNet()
    const datagrams = createMemoryDatagrams()
    const world = net.world()
    throws(
      () => createServer(world, datagrams, 6_510, { hosts: '127.0.0.1' } as ServerOptions),
      TypeError,
      /^createServer: there is no option "hosts"; did you mean "host"\?$/,
    )
    assert.ok(createServer(world, datagrams, 6_510) > 0)
    net.close()
  })
})
