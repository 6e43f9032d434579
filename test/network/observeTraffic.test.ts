import { type World } from 'bitecs'
import { type AsyncLoad, NetworkReceiveSystem, NetworkSystem, sendPacket } from 'bitecs-networking'
import { observeTraffic, type SentMessage, type TrafficObserver } from 'bitecs-networking/traffic'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { type Link } from '../lib/TestNet.ts'
import { lineOf, logOf, onEach } from '../lib/recordEvents.ts'
import { arrive, say } from '../lib/say.ts'
import { thrownBy, throws } from '../lib/throws.ts'

import { ticksOf, sendsOf, row, fault, createCounter, CountedBytes } from './traffic.ts'

memorySpec('observeTraffic :: observers', (it) => {
  it('one that throws costs nobody anything, and comes out of the tick', (net) => {
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
  })

  it('one that throws in NetworkReceiveSystem comes out of that, and NetworkSystem goes on', (net) => {
    const [a] = net.links(1)
    const { host, accepted } = a!
    const log = logOf(host)
    observeTraffic(host, { received: fault('received') })
    arrive([a!, 'x'])
    assert.match((thrownBy(() => NetworkReceiveSystem(host)) as Error).message, 'received')
    NetworkSystem(host)
    assert.equal(log, [`data ${accepted} x`])
  })

  it('may not run a tick, which would take the events from the others', (net) => {
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
  })

  it('are called as methods', (net) => {
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
  })

  it('see nothing more once stopped, and stopping twice does nothing', (net) => {
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
  })

  it('may stop themselves and each other, and start others, which begin with the next call', (net) => {
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
  })

  it('see only what was sent after they began', (net) => {
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
  })

  it('see only their world', (net) => {
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
  })

  it('without any that look at what is sent nothing is copied', (net) => {
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
  })

  it('wrong arguments throw a TypeError that names the function', (net) => {
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
  })
})
