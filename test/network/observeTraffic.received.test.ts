import { type EntityId, observe, onAdd } from 'bitecs'
import {
  type AsyncLoad,
  BadMessageError,
  BufferType,
  destroySocket,
  FreedError,
  NetworkEvent,
  NetworkReceiveSystem,
  NetworkSystem,
  NetworkType,
  readBuffer,
  sendUdp,
  Socket,
} from 'bitecs-networking'
import { observeTraffic } from 'bitecs-networking/traffic'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { lineOf, logOf, onEach, textOf } from '../lib/recordEvents.ts'
import { arrive } from '../lib/say.ts'
import { thrownBy } from '../lib/throws.ts'
import { turns } from '../lib/until.ts'

import { ticksOf, withDatagrams } from './traffic.ts'

/** Reads a u32 of every message. */
function readNumbers(events: Iterable<AsyncLoad>): void {
  for (const load of events)
    if (load.type === NetworkType.data) readBuffer(load.buffer, BufferType.u32)
}

memorySpec('observeTraffic :: a message that cannot be read', (it) => {
  it('is counted and warned of, with its sender; the tick and its handlers go on', async (net) => {
    const [a, b] = net.links(2)
    const { host } = a!
    const { ip, port, badMessages } = Socket(host)
    const log = logOf(host)
    observeTraffic(host, { received: readNumbers })
    arrive([a!, '1234'], [b!, 'x'], [a!, 'y'])
    NetworkSystem(host)
    assert.equal(log, [
      `data ${a!.accepted} 1234`,
      `data ${b!.accepted} x`,
      `data ${a!.accepted} y`,
    ])
    assert.equal([badMessages[a!.accepted], badMessages[b!.accepted]], [0, 1])
    await turns(1)
    assert.is(net.warnings.length, 1)
    const sender = `${ip[b!.accepted]}:${port[b!.accepted]} (socket ${b!.accepted})`
    assert.match(net.warnings[0]!, `a message from ${sender} could not be read: readBuffer: u32`)
    assert.match(net.warnings[0]!, /, at .*observeTraffic\.received\.test\.[jt]s:\d+:\d+$/)
  })

  it('names nobody where nobody knows whose it was', async (net) => {
    const [a, b] = net.links(2)
    const { host } = a!
    observeTraffic(host, { received: (events) => readNumbers([...events].slice(0, 1)) })
    arrive([a!, 'x'], [b!, '1234'])
    NetworkSystem(host)
    const { badMessages } = Socket(host)
    assert.equal([badMessages[a!.accepted], badMessages[b!.accepted]], [0, 0])
    await turns(1)
    assert.match(net.warnings[0]!, 'a message could not be read by an observer: readBuffer: u32')
  })

  it('closes no connection, since an observer changes nothing', (net) => {
    const [a] = net.links(1, { badMessages: 'disconnect' })
    const { host, accepted } = a!
    const log = logOf(host)
    observeTraffic(host, { received: readNumbers })
    for (let count = 0; count < 3; count++) {
      arrive([a!, 'x'])
      NetworkSystem(host)
    }
    assert.equal(log, Array(3).fill(`data ${accepted} x`))
    assert.is(Socket(host).badMessages[accepted], 3)
  })

  it('is thrown when the tick is done, if that is set', (net) => {
    const [a] = net.links(1, { badMessages: 'throw' })
    observeTraffic(a!.host, { received: readNumbers })
    arrive([a!, 'x'])
    assert.instance(
      thrownBy(() => NetworkSystem(a!.host)),
      BadMessageError,
    )
    assert.is(Socket(a!.host).badMessages[a!.accepted], 0)
  })

  it('is the same to an observer of bitECS that reads it', (net) => {
    const [a] = net.links(1)
    const { host, accepted } = a!
    const log = logOf(host)
    observe(host, onAdd(NetworkEvent), (socket: EntityId) =>
      readNumbers(NetworkEvent(host).events[socket] ?? []),
    )
    arrive([a!, 'x'])
    NetworkSystem(host)
    assert.equal(log, [`data ${accepted} x`])
    assert.is(Socket(host).badMessages[accepted], 1)
  })
})

memorySpec('observeTraffic :: received', (it) => {
  it('shows a tick once, in order of arrival, before any handler', (net) => {
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
  })

  it('shows connections, disconnections and the outcome of connecting', (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    const guest = net.world({ nonBlocking: true })
    const [near, far] = [ticksOf(guest), ticksOf(host)]
    const { accepted, client } = net.link(host, server, guest)
    destroySocket(guest, client)
    NetworkSystem(host)
    assert.equal(near, [[`result 1 ${client}`]])
    assert.equal(far, [[`connect ${accepted}`], [`disconnect ${accepted}`]])
  })

  it('shows the events in NetworkReceiveSystem if that runs, and not again in NetworkSystem', (net) => {
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
  })

  it('shows events that nobody subscribed to', (net) => {
    const [a] = net.links(1)
    const ticks = ticksOf(a!.host)
    arrive([a!, 'x'])
    NetworkSystem(a!.host)
    assert.equal(ticks, [[`data ${a!.accepted} x`]])
  })

  it('shows an event that no handler gets, since an earlier one destroys its socket; it ends with the tick', (net) => {
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
  })

  it('shows the handlers their events, which throw a FreedError afterwards', (net) => {
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
  })

  it('may be gone over several times, but shows nothing when it is kept', (net) => {
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
  })

  it('moves no position: handlers and further observers read from the start, whatever one has read', (net) => {
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
  })

  it('an observer may destroy a socket, though it should not: its events end', (net) => {
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
  })

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
