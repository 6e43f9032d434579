import { addEntity, type EntityId, hasComponent, type World } from 'bitecs'
import {
  BadMessageError,
  BufferKind,
  BufferType,
  compressBuffer,
  copyBuffer,
  copyBufferStride,
  createBuffer,
  createServer,
  createSocket,
  decompressBuffer,
  Disconnected,
  DisconnectReason,
  digestBuffer,
  flushNetwork,
  getBufferBytes,
  type NetworkBuffer,
  type NetworkConfig,
  NetworkEvent,
  NetworkReceiveSystem,
  NetworkSystem,
  NetworkType,
  onNetworking,
  peekBuffer,
  peerOf,
  readBuffer,
  SeekBase,
  seekBuffer,
  sendPacket,
  sendUdp,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { async_load, buffer_peek, buffer_read, buffer_u32 } from 'bitecs-networking/gml'
import { ds_map_find_value, gml_bind, gml_on_networking, gml_step } from 'bitecs-networking/gml'
import { runInNewContext } from 'node:vm'
import * as assert from 'uvu/assert'
import { memorySpec, netSpec } from '../lib/netSpec.ts'
import { logOf } from '../lib/recordEvents.ts'
import { arrive } from '../lib/say.ts'
import { type Link, type TestNet } from '../lib/TestNet.ts'
import { turns, until } from '../lib/until.ts'

/** A link whose server reads a u32 of every message, and a log of another subscriber. */
async function readingServer(net: TestNet, config: Partial<NetworkConfig> = {}) {
  const host = net.world(config)
  const link = net.link(host, net.serverIn(host))
  const numbers: number[] = []
  onNetworking(host, link.server, function readNumber(_world, _self, asyncLoad) {
    if (asyncLoad.type === NetworkType.data)
      numbers.push(readBuffer(asyncLoad.buffer, BufferType.u32))
  })
  return { ...link, numbers, log: logOf(host) }
}

/** What reading received bytes throws: with a message of one byte, in a handler. */
function thrownBy(net: TestNet, read: (buffer: NetworkBuffer) => unknown): unknown {
  const host = net.world({ badMessages: 'throw' })
  const link = net.link(host, net.serverIn(host))
  onNetworking(host, link.server, (_world, _self, asyncLoad) => {
    if (asyncLoad.type === NetworkType.data) read(asyncLoad.buffer)
  })
  arrive([link, 'x'])
  try {
    NetworkSystem(host)
  } catch (error) {
    return error
  }
  return undefined
}

function describe({ message, errors }: AggregateError): string {
  const inner = errors.map((error: Error) => `${error.message} ${peerOf(error)?.socket}`)
  return `${message}: ${inner.join(', ')}`
}

/** What a tick throws. */
function thrownBySystem(world: World): unknown {
  try {
    NetworkSystem(world)
  } catch (error) {
    return error
  }
  return undefined
}

memorySpec('a message that cannot be read', (it) => {
  it('is counted and warned of; the tick, its other messages and handlers go on', async (net) => {
    const { host, accepted, numbers, log, ...link } = await readingServer(net)
    const bad = { ...link, host, accepted }
    arrive([bad, 'x'], [bad, '1234'], [bad, 'y'])
    NetworkSystem(host)
    assert.equal(numbers, [0x34333231])
    assert.equal(log, [`data ${accepted} x`, `data ${accepted} 1234`, `data ${accepted} y`])
    assert.is(Socket(host).badMessages[accepted], 2)
    await turns(1)
    assert.is(net.warnings.length, 1)
    const [warning = ''] = net.warnings
    const { ip, port } = Socket(host)
    assert.match(warning, `a message from ${ip[accepted]}:${port[accepted]} (socket ${accepted})`)
    assert.match(warning, 'readBuffer: u32 needs 4 bytes at position 0, but the buffer has 1')
    assert.match(warning, /, at .*badMessages\.test\.[jt]s:\d+:\d+$/)
  })

  it('is warned of on one line that no terminal obeys, whatever it is quoted as', async (net) => {
    const link = net.links(1)[0]!
    const { host, server } = link
    onNetworking(host, server, () => {
      throw new BadMessageError(
        `no such name: \u001b[2J\nroot has left\u202e\u2028${'x'.repeat(9_000)}`,
      )
    })
    arrive([link, 'x'])
    NetworkSystem(host)
    await turns(1)
    const [warning = ''] = net.warnings
    assert.match(warning, String.raw`no such name: \u001b[2J\u000aroot has left\u202e\u2028xxx`)
    assert.not.match(warning, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    assert.ok(warning.length < 2_100)
  })

  it('disconnects its sender, if that is set: what has arrived comes first', async (net) => {
    const { host, accepted, numbers, log, ...link } = await readingServer(net, {
      badMessages: 'disconnect',
    })
    const bad = { ...link, host, accepted }
    const { disconnectReason } = Socket(host)
    arrive([bad, 'x'], [bad, '1234'])
    NetworkSystem(host)
    assert.equal(numbers, [0x34333231])
    NetworkSystem(host)
    assert.is(log.at(-1), `disconnect ${accepted}`)
    assert.is(disconnectReason[accepted], DisconnectReason.malformed)
    await turns(1)
    NetworkSystem(link.guest)
    assert.ok(hasComponent(link.guest, link.client, Disconnected))
  })

  it('is thrown when the tick is done, if that is set, with its sender', async (net) => {
    const { host, accepted, log, ...link } = await readingServer(net, { badMessages: 'throw' })
    arrive([{ ...link, host, accepted }, 'x'])
    let thrown: unknown
    try {
      NetworkSystem(host)
    } catch (error) {
      thrown = error
    }
    assert.instance(thrown, BadMessageError)
    const { ip, port } = Socket(host)
    assert.equal(peerOf(thrown), { socket: accepted, ip: ip[accepted], port: port[accepted] })
    assert.is(log.length, 1)
    assert.is(Socket(host).badMessages[accepted], 0)
  })

  it('may be one that the handler does not understand', (net) => {
    const link = net.links(1)[0]!
    const { host, server, accepted } = link
    onNetworking(host, server, () => {
      throw new BadMessageError('there is no message of kind 120')
    })
    arrive([link, 'x'])
    NetworkSystem(host)
    assert.is(Socket(host).badMessages[accepted], 1)
  })

  it('that the handler throws itself says where, also as an error of another realm', async (net) => {
    const [one, two] = net.links(2) as [Link, Link]
    const { host } = one
    onNetworking(host, one.accepted, () => {
      throw new BadMessageError('there is no such message')
    })
    onNetworking(host, two.accepted, () => {
      throw runInNewContext(`Object.assign(new Error('of another'), { name: 'BadMessageError' })`)
    })
    arrive([one, 'x'], [two, 'x'])
    NetworkSystem(host)
    assert.is(Socket(host).badMessages[one.accepted], 1)
    assert.is(Socket(host).badMessages[two.accepted], 1)
    await turns(1)
    assert.match(net.warnings[0] ?? '', /no such message, at .*badMessages\.test\.[jt]s:\d+:\d+$/)
  })

  const reads: Record<string, (buffer: NetworkBuffer) => unknown> = {
    'the buffer': (buffer) => readBuffer(buffer, BufferType.f64),
    'the buffer behind its end': (buffer) => {
      seekBuffer(buffer, SeekBase.end, 0)
      readBuffer(buffer, BufferType.u8)
    },
    'a copy': (buffer) => {
      const copy = createBuffer(0, BufferKind.grow)
      copyBuffer(buffer, 0, 1, copy, 0)
      readBuffer(copy, BufferType.u32)
    },
    'a copy of a copy, by items': (buffer) => {
      const [one, two] = [createBuffer(0, BufferKind.grow), createBuffer(0, BufferKind.grow)]
      copyBuffer(buffer, 0, 1, one, 0)
      copyBufferStride(one, 0, 1, 1, 1, two, 0, 1)
      readBuffer(two, BufferType.u32)
    },
    'an offset that is not a number, to peek': (buffer) => peekBuffer(buffer, NaN, BufferType.u8),
    'an offset that is not a number, to seek': (buffer) =>
      seekBuffer(buffer, SeekBase.start, Infinity),
    'an offset that is not a number, to digest': (buffer) => digestBuffer(buffer, 'md5', NaN),
    'an offset that is not a number, to copy': (buffer) =>
      copyBuffer(buffer, NaN, 1, createBuffer(1, BufferKind.fixed), 0),
  }
  for (const [name, read] of Object.entries(reads))
    it(`throws an error of its own kind :: ${name}`, (net) => {
      assert.instance(thrownBy(net, read), BadMessageError)
    })

  it('throws an error of its own kind :: what it decompresses to', (net) => {
    const text = createBuffer(1, BufferKind.fixed)
    const packed = compressBuffer(text)
    assert.ok(typeof packed === 'object')
    const link = net.links(1)[0]!
    const { host, server, accepted } = link
    onNetworking(host, server, (_world, _self, asyncLoad) => {
      if (asyncLoad.type !== NetworkType.data) return
      const unpacked = decompressBuffer(asyncLoad.buffer)
      assert.ok(typeof unpacked === 'object')
      readBuffer(unpacked, BufferType.u32)
    })
    sendPacket(link.guest, link.client, getBufferBytes(packed))
    flushNetwork(link.guest)
    NetworkSystem(host)
    assert.is(Socket(host).badMessages[accepted], 1)
  })

  it('is not a buffer of the game: reading past its end is its own fault', (net) => {
    const thrown = thrownBy(net, () =>
      readBuffer(createBuffer(1, BufferKind.fixed), BufferType.u32),
    )
    assert.instance(thrown, RangeError)
    assert.is(peerOf(thrown)?.ip, '127.0.0.1')
  })
})

memorySpec('a message that cannot be read, on the gml face', (it) => {
  for (const [name, read] of Object.entries({
    buffer_read: (buffer: number) => buffer_read(buffer, buffer_u32),
    buffer_peek: (buffer: number) => buffer_peek(buffer, NaN, buffer_u32),
  }))
    it(`${name} is its sender's fault; other functions of the event run`, async (net) => {
      const link = net.links(1)[0]!
      const { host, accepted } = link
      const before = gml_bind(host) ?? net.world()
      try {
        let calls = 0
        for (let count = 0; count < 2; count++) {
          gml_on_networking(() => void read(ds_map_find_value(async_load, 'buffer') as number))
          gml_on_networking(() => void calls++)
        }
        arrive([link, 'x'])
        gml_step()
        assert.is(calls, 2)
        assert.is(Socket(host).badMessages[accepted], 2)
        await turns(1)
        assert.match(net.warnings[0] ?? '', new RegExp(`${name}: .*badMessages\\.test`))
      } finally {
        gml_bind(before)
      }
    })
})

memorySpec('errors of handlers', (it) => {
  it('carry the peer that the event was about, each of several', (net) => {
    const [one, two] = net.links(2) as [Link, Link]
    const { host, server } = one
    onNetworking(host, server, () => {
      throw new Error('a bug')
    })
    arrive([one, 'x'], [two, 'y'])
    let thrown: unknown
    try {
      NetworkSystem(host)
    } catch (error) {
      thrown = error
    }
    const { errors } = thrown as AggregateError
    const sockets = errors.map((error) => peerOf(error)?.socket)
    assert.equal(sockets, [one.accepted, two.accepted])
  })

  it('carry each its own peer, though one error was thrown for all of them', (net) => {
    const links = net.links(3)
    const { host, server } = links[0]!
    const bug = Object.assign(new TypeError('the same bug'), { code: 'BUG' })
    onNetworking(host, server, () => {
      throw bug
    })
    for (let round = 0; round < 2; round++) {
      arrive(...links.map((link): [Link, string] => [link, 'x']))
      const { errors } = thrownBySystem(host) as AggregateError
      const [first, ...rest] = errors as Error[]
      assert.equal(
        [first, ...rest].map((error) => peerOf(error)?.socket),
        links.map(({ accepted }) => accepted),
      )
      assert.is(first, bug)
      for (const error of rest)
        assert.equal([error.name, error.message, error.cause], ['TypeError', 'the same bug', bug])
    }
  })

  it('carry each its own peer, also several of one event', (net) => {
    const links = net.links(2)
    const { host, server } = links[0]!
    const bugs = [new Error('one'), new Error('two')]
    onNetworking(host, server, () => {
      throw new AggregateError(bugs, 'both')
    })
    arrive(...links.map((link): [Link, string] => [link, 'x']))
    const { errors } = thrownBySystem(host) as AggregateError
    assert.equal(
      (errors as AggregateError[]).map(describe),
      links.map(({ accepted }) => `both: one ${accepted}, two ${accepted}`),
    )
  })

  it('that have a peer of their own keep it', (net) => {
    const link = net.links(1)[0]!
    const { host, server, accepted } = link
    const bug = Object.defineProperty(new Error('mine'), 'peer', { value: 'theirs' })
    onNetworking(host, server, () => {
      throw bug
    })
    arrive([link, 'x'])
    const thrown = thrownBySystem(host) as Error
    assert.equal([peerOf(thrown)?.socket, thrown.cause], [accepted, bug])
    assert.is((bug as { peer?: unknown }).peer, 'theirs')
  })

  it('stay as they are where they cannot carry one', (net) => {
    const link = net.links(1)[0]!
    const { host, server } = link
    const frozen = Object.freeze(new Error('frozen'))
    for (const thrown of [5, undefined, frozen])
      onNetworking(host, server, () => {
        throw thrown
      })
    arrive([link, 'x'])
    try {
      NetworkSystem(host)
      assert.unreachable()
    } catch (error) {
      assert.equal((error as AggregateError).errors, [5, undefined, frozen])
    }
  })
})

memorySpec('handlers of one event', (it) => {
  it('each begin to read at the start of the message', (net) => {
    const link = net.links(1)[0]!
    const { host, server } = link
    const heard: number[] = []
    const read = (self: EntityId): void =>
      void onNetworking(host, self, (_world, _self, asyncLoad) => {
        if (asyncLoad.type === NetworkType.data)
          heard.push(readBuffer(asyncLoad.buffer, BufferType.u8))
      })
    read(server)
    read(addEntity(host))
    read(server)
    arrive([link, '12'])
    NetworkSystem(host)
    assert.equal(heard, [0x31, 0x31, 0x31])
  })

  it('begin at the start though a system has read the message before', (net) => {
    const link = net.links(1)[0]!
    const { host, server, accepted } = link
    const heard: number[] = []
    onNetworking(host, server, (_world, _self, asyncLoad) => {
      if (asyncLoad.type === NetworkType.data)
        heard.push(readBuffer(asyncLoad.buffer, BufferType.u8))
    })
    arrive([link, '12'])
    NetworkReceiveSystem(host)
    for (const asyncLoad of NetworkEvent(host).events[accepted] ?? [])
      if (asyncLoad.type === NetworkType.data) readBuffer(asyncLoad.buffer, BufferType.u16)
    NetworkSystem(host)
    assert.equal(heard, [0x31])
  })

  it('that are async are warned of, and what they reject with does not end the process', async (net) => {
    const link = net.links(1)[0]!
    const { host, server } = link
    let isRejected = false
    const handler = async (_world: object, _self: EntityId, asyncLoad: object): Promise<void> => {
      await turns(1)
      isRejected = true
      void (asyncLoad as { readonly type: number }).type
    }
    // @ts-expect-error: a handler must not be async
    onNetworking(host, server, handler)
    arrive([link, 'x'])
    NetworkSystem(host)
    await until(() => isRejected)
    await turns(2)
    assert.match(net.warnings[0] ?? '', 'onNetworking: a handler must not be async')
    assert.match(net.warnings[1] ?? '', 'the promise of a handler was rejected: FreedError')
  })
})

netSpec('a datagram that cannot be read', (it) => {
  it('is counted at the UDP socket', async (net) => {
    const host = net.world()
    const guest = net.world()
    const server = createServer(host, SocketType.udp, 0, { host: '127.0.0.1' })
    const client = createSocket(guest, SocketType.udp, 0)
    setNetworkConfig(host, { badMessages: 'disconnect' })
    onNetworking(host, server, (_world, _self, asyncLoad) => {
      if (asyncLoad.type === NetworkType.data) readBuffer(asyncLoad.buffer, BufferType.u32)
    })
    const { port, badMessages } = Socket(host)
    sendUdp(guest, client, '127.0.0.1', port[server]!, new Uint8Array(1))
    await until(() => badMessages[server] === 1, [host])
    assert.match(net.warnings[0] ?? '', `(socket ${server}) could not be read`)
    assert.ok(Socket(host).port[server]! > 0)
  })
})
