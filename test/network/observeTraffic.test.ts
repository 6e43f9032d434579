import { addEntity, type EntityId, type World } from 'bitecs'
import {
  type AsyncLoad,
  broadcast,
  BufferKind,
  BufferType,
  createBuffer,
  createMemoryDatagrams,
  createMemoryTransport,
  createServer,
  createSocket,
  destroySocket,
  FreedError,
  type MessageForm,
  MessageType,
  NetworkError,
  NetworkReceiveSystem,
  NetworkSystem,
  NetworkType,
  observeTraffic,
  readBuffer,
  sendPacket,
  sendRaw,
  sendUdp,
  sendUdpRaw,
  type SentMessage,
  Socket,
  type TrafficObserver,
  writeBuffer,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { throws } from '../lib/throws.ts'
import { spec } from '../spec.ts'
import {
  arrive,
  lineOf,
  type Link,
  logOf,
  MemoryNet,
  onEach,
  portOf,
  say,
  textOf,
  thrownBy,
  withMemory,
} from '../systems/MemoryNet.ts'

/** A list of the lines of what an observer receives: one list for each call. */
function ticksOf(world: World): string[][] {
  const ticks: string[][] = []
  observeTraffic(world, { received: (events) => ticks.push(Array.from(events, lineOf)) })
  return ticks
}

/** Keeps what an observer sees sent: one list for each call. */
function sendsOf(world: World): (readonly SentMessage[])[] {
  const calls: (readonly SentMessage[])[] = []
  observeTraffic(world, { sent: (messages) => calls.push(messages) })
  return calls
}

/** A message as the test compares it. */
function row({
  socket,
  form,
  bytes,
}: SentMessage): [socket: EntityId, form: MessageForm, text: string] {
  return [socket, form, Buffer.from(bytes).toString()]
}

/** A callback that throws. */
function fault(name: string): () => void {
  return () => {
    throw new Error(name)
  }
}

/** Counts its calls; `then` runs in each. */
function createCounter(then: () => void = () => {}): TrafficObserver & { calls: number } {
  const counter = {
    calls: 0,
    received: () => count(),
    sent: () => count(),
  }
  const count = (): void => {
    counter.calls++
    then()
  }
  return counter
}

/** Counts how often a part of it is taken. (Packets as small as here are put into the outbox without that.) */
class CountedBytes extends Uint8Array {
  taken = 0

  override subarray(begin?: number, end?: number): Uint8Array<ArrayBuffer> {
    this.taken++
    return new Uint8Array(this).subarray(begin, end)
  }
}

/** A UDP server on `port`, and a socket in another world that can send to it. */
interface DatagramCase {
  readonly host: World
  readonly port: number
  readonly guest: World
  readonly client: EntityId
}

function withDatagrams(run: (it: DatagramCase) => void): () => void {
  return () => {
    const net = new MemoryNet()
    try {
      const datagrams = createMemoryDatagrams()
      const [host, guest] = [net.world(), net.world()]
      const port = portOf(host, createServer(host, datagrams, 0))
      run({ host, port, guest, client: createSocket(guest, datagrams) })
    } finally {
      net.close()
    }
  }
}

spec('observeTraffic :: received', (it) => {
  it(
    'shows a tick once, in order of arrival, before any handler',
    withMemory((net) => {
      const [a, b] = net.links(2)
      const lines: string[] = []
      onEach(a!.host, (load) => lines.push(lineOf(load)))
      observeTraffic(a!.host, {
        received: (events) => lines.push(...Array.from(events, (load) => `saw ${lineOf(load)}`)),
      })
      arrive([a!, 'one'], [b!, 'two'], [a!, 'three'])
      const all = [`${a!.accepted} one`, `${b!.accepted} two`, `${a!.accepted} three`]
      NetworkSystem(a!.host)
      assert.equal(lines, [
        ...all.map((line) => `saw data ${line}`),
        ...all.map((line) => `data ${line}`),
      ])
      NetworkSystem(a!.host)
      assert.is(lines.length, 6)
    }),
  )

  it(
    'shows connections, disconnections and the outcome of connecting',
    withMemory((net) => {
      const host = net.world()
      const server = net.server(host)
      const guest = net.world({ nonBlocking: true })
      const [near, far] = [ticksOf(guest), ticksOf(host)]
      const { accepted, client } = net.link(host, server, guest)
      destroySocket(guest, client)
      NetworkSystem(host)
      assert.equal(near, [[`result 1 ${client}`]])
      assert.equal(far, [[`connect ${accepted}`], [`disconnect ${accepted}`]])
    }),
  )

  it(
    'shows the events in NetworkReceiveSystem if that runs, and not again in NetworkSystem',
    withMemory((net) => {
      const [a] = net.links(1)
      const { host, accepted } = a!
      const [ticks, log] = [ticksOf(host), logOf(host)]
      arrive([a!, 'x'])
      NetworkReceiveSystem(host)
      assert.equal(ticks, [[`data ${accepted} x`]])
      assert.equal(log, [])
      NetworkReceiveSystem(host)
      NetworkSystem(host)
      assert.equal(ticks, [[`data ${accepted} x`]])
      assert.equal(log, [`data ${accepted} x`])
    }),
  )

  it(
    'shows events that nobody subscribed to',
    withMemory((net) => {
      const [a] = net.links(1)
      const ticks = ticksOf(a!.host)
      arrive([a!, 'x'])
      NetworkSystem(a!.host)
      assert.equal(ticks, [[`data ${a!.accepted} x`]])
    }),
  )

  it(
    'shows an event that no handler gets, since an earlier one destroys its socket; it ends with the tick',
    withMemory((net) => {
      const [a, b] = net.links(2)
      const { host } = a!
      const seen: AsyncLoad[] = []
      observeTraffic(host, { received: (events) => seen.push(...events) })
      const ticks = ticksOf(host)
      onEach(host, () => destroySocket(host, b!.accepted))
      const log = logOf(host)
      arrive([a!, 'out'], [b!, 'late'])
      NetworkSystem(host)
      assert.equal(ticks, [[`data ${a!.accepted} out`, `data ${b!.accepted} late`]])
      assert.equal(log, [`data ${a!.accepted} out`])
      assert.is(seen.length, 2)
      for (const load of seen)
        assert.instance(
          thrownBy(() => load.id),
          FreedError,
        )
    }),
  )

  it(
    'shows the handlers their events, which throw a FreedError afterwards',
    withMemory((net) => {
      const [a] = net.links(1)
      const seen: AsyncLoad[] = []
      const handled: AsyncLoad[] = []
      observeTraffic(a!.host, { received: (events) => seen.push(...events) })
      onEach(a!.host, (load) => handled.push(load))
      arrive([a!, 'one'], [a!, 'two'])
      NetworkSystem(a!.host)
      assert.is(seen.length, 2)
      for (const [index, load] of seen.entries()) {
        assert.is(load, handled[index])
        assert.instance(
          thrownBy(() => load.type),
          FreedError,
        )
      }
    }),
  )

  it(
    'may be gone over several times, but shows nothing when it is kept',
    withMemory((net) => {
      const [a] = net.links(1)
      let kept: Iterable<AsyncLoad> = []
      observeTraffic(a!.host, {
        received(events) {
          kept = events
          for (let round = 0; round < 2; round++)
            assert.equal(Array.from(events, textOf), ['one', 'two'])
        },
      })
      arrive([a!, 'one'], [a!, 'two'])
      NetworkSystem(a!.host)
      assert.equal([...kept], [])
    }),
  )

  it(
    'moves no position: handlers and further observers read from the start, whatever one has read',
    withMemory((net) => {
      const [a] = net.links(1)
      const { host } = a!
      const read: number[] = []
      const readOne = (load: AsyncLoad): void => {
        if (load.type === NetworkType.data) read.push(readBuffer(load.buffer, BufferType.u8))
      }
      for (let count = 0; count < 2; count++)
        observeTraffic(host, {
          received(events) {
            for (const load of events) readOne(load)
            if (count === 1) throw new Error('after reading')
          },
        })
      onEach(host, readOne)
      arrive([a!, 'AB'], [a!, 'CD'])
      assert.match((thrownBy(() => NetworkSystem(host)) as Error).message, 'after reading')
      assert.equal(read, [65, 67, 65, 67, 65, 67])
    }),
  )

  it(
    'an observer may destroy a socket, though it should not: its events end',
    withMemory((net) => {
      const [a, b] = net.links(2)
      const { host } = a!
      const log = logOf(host)
      observeTraffic(host, {
        received(events) {
          assert.is([...events].length, 2)
          destroySocket(host, a!.accepted)
        },
      })
      const ticks = ticksOf(host)
      arrive([a!, 'x'], [b!, 'y'])
      NetworkSystem(host)
      assert.equal(ticks, [[`data ${b!.accepted} y`]])
      assert.equal(log, [`data ${b!.accepted} y`])
    }),
  )

  it(
    'shows datagrams with the address of their sender',
    withDatagrams(({ host, guest, client, port }) => {
      const seen: unknown[] = []
      observeTraffic(host, {
        received(events) {
          for (const load of events) seen.push([load.ip, load.port, textOf(load)])
        },
      })
      sendUdp(guest, client, '127.0.0.1', port, Buffer.from('hi'))
      NetworkSystem(host)
      assert.equal(seen, [['127.0.0.1', Socket(guest).localPort[client], 'hi']])
    }),
  )
})

spec('observeTraffic :: sent', (it) => {
  it(
    'shows packets and raw bytes with sockets and addresses, in order, at the end of the tick',
    withMemory((net) => {
      const [a] = net.links(1)
      const { host, accepted } = a!
      const raw = net.link(host, net.server(host, { raw: true }), net.world(), { raw: true })
      const calls = sendsOf(host)
      onEach(host, () => {
        say(host, accepted, 'packet')
        sendRaw(host, raw.accepted, Buffer.from('raw'))
        assert.equal(calls, [])
      })
      arrive([a!, 'x'])
      NetworkSystem(host)
      assert.equal(
        calls.map((messages) => messages.map(row)),
        [
          [
            [accepted, 'packet', 'packet'],
            [raw.accepted, MessageType.binary, 'raw'],
          ],
        ],
      )
      const [{ ip, port }] = calls[0] as [SentMessage]
      assert.equal([ip, port], [Socket(host).ip[accepted], Socket(host).port[accepted]])
      NetworkSystem(host)
      assert.is(calls.length, 1, 'no call when nothing was sent')
    }),
  )

  it('shows text and empty messages where messages have limits', () => {
    const net = new MemoryNet(createMemoryTransport({ boundaries: 'message' }))
    try {
      const host = net.world()
      const server = net.server(host, { raw: true })
      const { accepted } = net.link(host, server, net.world(), { raw: true })
      const calls = sendsOf(host)
      sendRaw(host, accepted, Buffer.from('text'), { type: MessageType.text })
      sendRaw(host, accepted, new Uint8Array(0))
      NetworkSystem(host)
      assert.equal(calls[0]!.map(row), [
        [accepted, MessageType.text, 'text'],
        [accepted, MessageType.binary, ''],
      ])
    } finally {
      net.close()
    }
  })

  it(
    'shows one message for each of several targets that take it, and none that was refused',
    withMemory((net) => {
      const [a, b, c] = net.links(3, { acceptedSendQueueBytesMax: 20 })
      const { host, server } = a!
      const calls = sendsOf(host)
      const nobody = addEntity(host)
      say(host, b!.accepted, 'fills')
      say(host, b!.accepted, 'the queue')
      assert.is(sendPacket(host, b!.accepted, Buffer.of(1)), NetworkError.sendQueueFull)
      assert.is(sendPacket(host, server, Buffer.of(2)), NetworkError.wrongRole)
      assert.ok(sendPacket(host, nobody, Buffer.of(3)) < 0)
      assert.is(sendPacket(host, a!.accepted, Buffer.of(4), 2), NetworkError.tooLarge)
      destroySocket(host, c!.accepted)
      const all = [a!.accepted, b!.accepted, c!.accepted, server, nobody]
      assert.is(sendPacket(host, all, Buffer.from('all')), 1)
      throws(() => sendPacket(host, a!.accepted, 'text' as never), TypeError, /buffer/)
      NetworkSystem(host)
      assert.equal(calls[0]!.map(row), [
        [b!.accepted, 'packet', 'fills'],
        [b!.accepted, 'packet', 'the queue'],
        [a!.accepted, 'packet', 'all'],
      ])
    }),
  )

  it(
    'shows datagrams with what was given as the host, and a broadcast without one',
    withDatagrams(({ guest, client, port }) => {
      const calls = sendsOf(guest)
      const bytes = Buffer.from('udp')
      assert.is(sendUdp(guest, client, '127.0.0.1', port, bytes), 15)
      assert.is(sendUdpRaw(guest, client, '127.0.0.1', port, bytes, 2), 2)
      assert.is(broadcast(guest, client, port, bytes), 15)
      assert.is(
        sendUdpRaw(guest, client, '127.0.0.1', port, Buffer.alloc(65_508)),
        NetworkError.tooLarge,
      )
      NetworkSystem(guest)
      assert.equal(calls[0]!.map(row), [
        [client, 'packet', 'udp'],
        [client, MessageType.binary, 'ud'],
        [client, 'packet', 'udp'],
      ])
      const hosts = calls[0]!.map((message) => `${message.ip}:${message.port}`)
      assert.equal(hosts, [`127.0.0.1:${port}`, `127.0.0.1:${port}`, `:${port}`])
    }),
  )

  it(
    'shows what was sent between two ticks in the next, though it has left',
    withMemory((net) => {
      const [a] = net.links(1)
      const { host, accepted, guest, client } = a!
      const calls = sendsOf(guest)
      arrive([a!, 'one'])
      say(guest, client, 'two')
      NetworkSystem(host)
      assert.equal(calls, [])
      NetworkSystem(guest)
      assert.equal(
        calls.map((messages) => messages.map(row)),
        [
          [
            [client, 'packet', 'one'],
            [client, 'packet', 'two'],
          ],
        ],
      )
      const log = logOf(host)
      NetworkSystem(host)
      assert.equal(log, [`data ${accepted} two`])
    }),
  )

  it(
    'shows copies, of a buffer, of a Buffer and of plain bytes',
    withMemory((net) => {
      const [a] = net.links(1)
      const { guest, client } = a!
      const calls = sendsOf(guest)
      const buffer = createBuffer(4, BufferKind.grow)
      writeBuffer(buffer, BufferType.u32, 0x44434241)
      const sources = [Buffer.from('node'), Uint8Array.from(Buffer.from('web!'))]
      sendPacket(guest, client, buffer)
      for (const bytes of sources) sendPacket(guest, client, bytes)
      for (const bytes of sources) bytes.fill(0)
      writeBuffer(buffer, BufferType.u32, 0)
      NetworkSystem(guest)
      const texts = calls[0]!.map(({ bytes }) => Buffer.from(bytes).toString())
      assert.equal(texts, ['ABCD', 'node', 'web!'])
      for (const { bytes } of calls[0]!) assert.is(bytes.buffer.byteLength, 4)
    }),
  )

  it(
    'a message that an observer sends leaves with the tick and is shown in the next',
    withMemory((net) => {
      const [a] = net.links(1)
      const { host, accepted, guest, client } = a!
      const texts: string[] = []
      observeTraffic(guest, {
        sent(messages) {
          texts.push(...messages.map((message) => row(message)[2]))
          if (texts.length === 1) say(guest, client, 'again')
        },
      })
      say(guest, client, 'once')
      NetworkSystem(guest)
      assert.equal(texts, ['once'])
      const log = logOf(host)
      NetworkSystem(host)
      assert.equal(log, [`data ${accepted} once`, `data ${accepted} again`])
      NetworkSystem(guest)
      assert.equal(texts, ['once', 'again'])
    }),
  )
})

spec('observeTraffic :: observers', (it) => {
  it(
    'one that throws costs nobody anything, and comes out of the tick',
    withMemory((net) => {
      const [a] = net.links(1)
      const { host, accepted, guest } = a!
      observeTraffic(host, { received: fault('received'), sent: fault('sent') })
      const [ticks, calls, guestLog] = [ticksOf(host), sendsOf(host), logOf(guest)]
      const log: string[] = []
      onEach(host, (load) => {
        log.push(lineOf(load))
        say(host, accepted, 'reply')
        throw new Error('handler')
      })
      arrive([a!, 'x'])
      const error = thrownBy(() => NetworkSystem(host)) as AggregateError
      const messages = error.errors.map(({ message }: Error) => message)
      assert.equal(messages, ['received', 'handler', 'sent'])
      assert.equal(ticks, [[`data ${accepted} x`]])
      assert.equal(log, ticks[0])
      assert.equal(calls[0]!.map(row), [[accepted, 'packet', 'reply']])
      NetworkSystem(guest)
      assert.equal(guestLog, [`data ${a!.client} reply`])
      NetworkSystem(host)
    }),
  )

  it(
    'one that throws in NetworkReceiveSystem comes out of that, and NetworkSystem goes on',
    withMemory((net) => {
      const [a] = net.links(1)
      const { host, accepted } = a!
      const log = logOf(host)
      observeTraffic(host, { received: fault('received') })
      arrive([a!, 'x'])
      assert.match((thrownBy(() => NetworkReceiveSystem(host)) as Error).message, 'received')
      NetworkSystem(host)
      assert.equal(log, [`data ${accepted} x`])
    }),
  )

  it(
    'may not run a tick, which would take the events from the others',
    withMemory((net) => {
      const [a] = net.links(1)
      const { host, accepted } = a!
      const nested = (): void => void NetworkSystem(host)
      const stop = observeTraffic(host, { received: nested, sent: nested })
      const [ticks, log] = [ticksOf(host), logOf(host)]
      arrive([a!, 'x'])
      say(host, accepted, 'y')
      const { errors } = thrownBy(() => NetworkSystem(host)) as AggregateError
      assert.is(errors.length, 2)
      for (const error of errors as Error[]) assert.match(error.message, /^NetworkSystem: /)
      assert.equal([ticks, log], [[[`data ${accepted} x`]], [`data ${accepted} x`]])
      stop()
      arrive([a!, 'z'])
      NetworkSystem(host)
      assert.is(log.length, 2)
    }),
  )

  it(
    'are called as methods',
    withMemory((net) => {
      const [a] = net.links(1)
      class Counter implements TrafficObserver {
        count = 0

        received(events: Iterable<AsyncLoad>): void {
          this.count += [...events].length
        }

        sent(messages: readonly SentMessage[]): void {
          this.count += messages.length
        }
      }
      const counter = new Counter()
      observeTraffic(a!.host, counter)
      arrive([a!, 'x'])
      say(a!.host, a!.accepted, 'y')
      NetworkSystem(a!.host)
      assert.is(counter.count, 2)
    }),
  )

  it(
    'see nothing more once stopped, and stopping twice does nothing',
    withMemory((net) => {
      const [a] = net.links(1)
      const { host, accepted } = a!
      const observer = createCounter()
      // The same object twice is two observations.
      const stops = [observeTraffic(host, observer), observeTraffic(host, observer)]
      const round = (): number => {
        observer.calls = 0
        arrive([a!, 'x'])
        say(host, accepted, 'y')
        NetworkSystem(host)
        return observer.calls
      }
      assert.is(round(), 4)
      stops[0]!()
      stops[0]!()
      assert.is(round(), 2)
      say(host, accepted, 'not shown any more')
      stops[1]!()
      assert.is(round(), 0)
      observeTraffic(host, observer)
      stops[1]!()
      assert.is(round(), 2)
    }),
  )

  it(
    'may stop themselves and each other, and start others, which begin with the next call',
    withMemory((net) => {
      const [a] = net.links(1)
      const { host } = a!
      const [second, third, late] = [createCounter(), createCounter(), createCounter()]
      const first = createCounter(() => {
        stopFirst()
        stopSecond()
        observeTraffic(host, late)
      })
      const stopFirst = observeTraffic(host, first)
      const stopSecond = observeTraffic(host, second)
      observeTraffic(host, third)
      const counts = (): number[] => [first, second, third, late].map(({ calls }) => calls)
      arrive([a!, 'x'])
      NetworkSystem(host)
      assert.equal(counts(), [1, 0, 1, 0])
      arrive([a!, 'y'])
      NetworkSystem(host)
      assert.equal(counts(), [1, 0, 2, 1])
    }),
  )

  it(
    'see only what was sent after they began',
    withMemory((net) => {
      const [a] = net.links(1)
      const { guest, client } = a!
      say(guest, client, 'before')
      const stop = observeTraffic(guest, { sent() {} })
      say(guest, client, 'for the first')
      const calls = sendsOf(guest)
      stop()
      say(guest, client, 'for the second')
      NetworkSystem(guest)
      assert.equal(
        calls.map((messages) => messages.map(row)),
        [[[client, 'packet', 'for the second']]],
      )
    }),
  )

  it(
    'see only their world',
    withMemory((net) => {
      const [a] = net.links(1)
      const { host, guest, client } = a!
      const [received, sent] = [
        [ticksOf(host), ticksOf(guest)],
        [sendsOf(host), sendsOf(guest)],
      ]
      arrive([a!, 'x'])
      NetworkSystem(host)
      NetworkSystem(guest)
      assert.equal(received, [[[`data ${a!.accepted} x`]], []])
      assert.equal(sent[0], [])
      assert.equal(sent[1]![0]!.map(row), [[client, 'packet', 'x']])
    }),
  )

  it(
    'without any that look at what is sent nothing is copied',
    withMemory((net) => {
      const [a] = net.links(1)
      const { guest, client } = a!
      const stop = observeTraffic(guest, { sent() {} })
      stop()
      observeTraffic(guest, { received() {} })
      const counted = new CountedBytes(16)
      sendPacket(guest, client, counted)
      assert.is(counted.taken, 0)
      observeTraffic(guest, { sent() {} })
      observeTraffic(guest, { sent() {} })
      sendPacket(guest, client, counted)
      assert.is(counted.taken, 1, 'one copy for all')
    }),
  )

  it(
    'wrong arguments throw a TypeError that names the function',
    withMemory((net) => {
      const [{ host }] = net.links(1) as [Link]
      const wrong: readonly [unknown, RegExp][] = [
        [undefined, /^observeTraffic: observer must be an object with .*, got undefined$/],
        [null, /^observeTraffic: observer .*, got null$/],
        [() => {}, /^observeTraffic: observer .*, got function/],
        [{ recieved() {} }, /^observeTraffic: observer must be an object with received, sent/],
        [{ received: 1 }, /^observeTraffic: observer.received must be a function, got 1$/],
        [{ received() {}, sent: 'x' }, /^observeTraffic: observer.sent must be .*, got "x"$/],
      ]
      for (const [observer, message] of wrong)
        throws(() => observeTraffic(host, observer as TrafficObserver), TypeError, message)
      for (const world of [undefined, {}, 1])
        throws(
          () => observeTraffic(world as World, { received() {} }),
          TypeError,
          /^observeTraffic: world must be a bitECS world/,
        )
    }),
  )
})
