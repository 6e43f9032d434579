import { hasComponent, observe, onRemove, query, type World } from 'bitecs'
import {
  AcceptedBy,
  createServer,
  destroySocket,
  DisconnectReason,
  NetworkEvent,
  NetworkReceiveSystem,
  NetworkSystem,
  sendPacket,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { createStateArrival } from '../../src/event/Arrival.ts'
import { queueArrival } from '../../src/event/EventQueue.ts'
import { type Network } from '../../src/network/Network.ts'
import { networkOf } from '../../src/network/networkOf.ts'
import { answer, emptyPacket, packet } from '../lib/gameMaker.ts'
import { HandTransport, hexBytes } from '../lib/HandTransport.ts'
import { type Link, type TestNet } from '../lib/TestNet.ts'
import { logOf, once, onEach } from '../lib/recordEvents.ts'
import { arrive } from '../lib/say.ts'
import { thrownBy } from '../lib/throws.ts'

type TickArrival = Network['tickEvents']['arrivals'][number]

/** What no part of the library would queue. */
const broken = {
  'without a socket': { kind: 'packets', count: 1 },
  'of a connect that has no socket': { kind: 'connect', count: 1, succeeded: 1 },
  'of a disconnect that has no socket': { kind: 'disconnect', count: 1 },
}

/** Two links with a message each, of which a tick has taken the first, and a broken arrival between them. */
function breakTick(net: TestNet, arrival: object): { host: World; links: Link[]; log: string[] } {
  const links = net.links(3)
  const { host } = links[0]!
  const log = logOf(host)
  arrive([links[0]!, 'one'], [links[1]!, 'two'])
  NetworkReceiveSystem(host)
  const { arrivals } = networkOf('test', host).tickEvents
  assert.is(arrivals.length, 2)
  arrivals.splice(1, 0, arrival as TickArrival)
  return { host, links, log }
}

memorySpec('NetworkSystem :: the loss of a peer', (it) => {
  it('shows in the store with its event, which ends with the socket', (net) => {
    const [link] = net.links(1)
    const { host, accepted } = link!
    const network = networkOf('test', host)
    const socket = network.sockets.get(accepted)
    assert.ok(socket?.kind === 'connection')
    const { timedOut } = DisconnectReason
    queueArrival(network.queue, createStateArrival(socket, socket, 'peerLost', 0, timedOut))
    NetworkReceiveSystem(host)
    const { disconnectReason } = Socket(host)
    assert.is(disconnectReason[accepted], 0)
    const before = logOf(host)
    const reasons: unknown[] = []
    once(host, () => {
      reasons.push(disconnectReason[accepted])
      destroySocket(host, accepted)
    })
    const after = logOf(host)
    NetworkSystem(host)
    assert.equal([before, reasons, after], [[`disconnect ${accepted}`], [timedOut], []])
  })
})

memorySpec('NetworkSystem :: a fault of its own', (it) => {
  for (const [name, arrival] of Object.entries(broken))
    it(`an arrival ${name} costs no other its event, and no later tick anything`, (net) => {
      const { host, links, log } = breakTick(net, arrival)
      assert.ok(thrownBy(() => NetworkSystem(host)))
      assert.equal(log, [`data ${links[0]!.accepted} one`, `data ${links[1]!.accepted} two`])
      assert.is(query(host, [NetworkEvent]).length, 0)
      for (const { accepted } of links) assert.is(NetworkEvent(host).events[accepted], undefined)
      NetworkSystem(host)
      arrive([links[2]!, 'three'])
      NetworkSystem(host)
      assert.is(log.at(-1), `data ${links[2]!.accepted} three`)
      assert.is(log.length, 3)
    })

  it('what handlers threw is not lost by it', (net) => {
    const { host } = breakTick(net, broken['without a socket'])
    onEach(host, () => {
      throw new RangeError('of a handler')
    })
    const error = thrownBy(() => NetworkSystem(host))
    assert.instance(error, AggregateError)
    const kinds = (error as AggregateError).errors.map((each) => each instanceof RangeError)
    // The broken one is met when its event is handled, and when it is cleared.
    assert.equal(kinds, [true, false, true, false])
  })

  it('before the tick has taken anything: the next is as any other', (net) => {
    const links = net.links(2)
    const { host } = links[0]!
    const log = logOf(host)
    const { tickEvents } = networkOf('test', host)
    tickEvents.arrivals.push(broken['without a socket'] as TickArrival)
    arrive([links[0]!, 'one'])
    assert.ok(thrownBy(() => NetworkSystem(host)))
    assert.equal(log, [`data ${links[0]!.accepted} one`])
    NetworkSystem(host)
    arrive([links[1]!, 'two'])
    NetworkSystem(host)
    assert.equal(log, [`data ${links[0]!.accepted} one`, `data ${links[1]!.accepted} two`])
  })

  it('a transport that throws when it is read again leaves no other connection paused', (net) => {
    const host = net.world({ queuedEventsMax: 2 })
    const transport = new HandTransport()
    createServer(host, transport, 6_510)
    const ends = [transport.accept(), transport.accept(), transport.accept()]
    for (const { events } of ends) events.received(hexBytes(answer))
    NetworkSystem(host)
    const resumed: number[] = []
    for (const [index, { connection, events }] of ends.entries()) {
      connection.resume = () => {
        resumed.push(index)
        if (index === 0) throw new RangeError('of a transport')
      }
      events.received(hexBytes(emptyPacket.repeat(3)))
    }
    assert.instance(
      thrownBy(() => NetworkSystem(host)),
      RangeError,
    )
    assert.equal(resumed, [0, 1, 2])
  })

  it('a transport that throws when it writes keeps nothing of other connections back', (net) => {
    const host = net.world()
    const transport = new HandTransport()
    const server = createServer(host, transport, 6_510)
    const ends = [transport.accept(), transport.accept(), transport.accept()]
    for (const { events } of ends) events.received(hexBytes(answer))
    NetworkSystem(host)
    ends[0]!.connection.write = () => {
      throw new RangeError('of a transport')
    }
    const clients = [...query(host, [Socket, AcceptedBy(server)])]
    once(host, () => {
      sendPacket(host, clients, hexBytes('01'))
      throw new TypeError('of a handler')
    })
    ends[0]!.events.received(hexBytes(emptyPacket))
    const error = thrownBy(() => NetworkSystem(host))
    assert.instance(error, AggregateError)
    const kinds = (error as AggregateError).errors.map((each: Error) => each.constructor)
    assert.equal(kinds, [TypeError, RangeError])
    Reflect.deleteProperty(ends[0]!.connection, 'write')
    sendPacket(host, clients, hexBytes('02'))
    NetworkSystem(host)
    const lastWrites = ends.map(({ connection }) => connection.writes.slice(2))
    assert.equal(lastWrites, [
      [packet('02')],
      [packet('01'), packet('02')],
      [packet('01'), packet('02')],
    ])
  })

  it('an observer that throws while NetworkEvent goes leaves none of it behind', (net) => {
    const links = net.links(3)
    const { host } = links[0]!
    let thrown = 0
    observe(host, onRemove(NetworkEvent), () => {
      thrown++
      throw new RangeError('of an observer')
    })
    arrive([links[0]!, 'one'], [links[1]!, 'two'], [links[2]!, 'three'])
    const error = thrownBy(() => NetworkSystem(host))
    assert.is(thrown, 3)
    assert.instance(error, AggregateError)
    for (const { accepted } of links) assert.ok(hasComponent(host, accepted, Socket))
    assert.is(networkOf('test', host).tickEvents.arrivals.length, 0)
    NetworkSystem(host)
  })
})
