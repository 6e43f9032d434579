import { addEntity, hasComponent, query, removeComponent, removeEntity } from 'bitecs'
import {
  AsyncNetworking,
  closeNetwork,
  Connected,
  destroySocket,
  flushNetwork,
  NetworkEvent,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendRaw,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { logOf, onEach, textOf } from '../lib/recordEvents.ts'
import { say } from '../lib/say.ts'
import { thrownBy } from '../lib/throws.ts'

memorySpec('NetworkSystem :: order', (it) => {
  it('returns the world', (net) => {
    const world = net.world()
    assert.is(NetworkSystem(world), world)
    net.serverIn(world)
    assert.is(NetworkSystem(world), world)
  })

  it('handles the events of all sockets in order of arrival', (net) => {
    const [a, b, c] = net.links(3)
    const log = logOf(a!.host)
    for (const [link, text] of [
      [a, '1'],
      [b, '2'],
      [c, '3'],
      [a, '4'],
      [c, '5'],
      [b, '6'],
    ] as const) {
      say(link!.guest, link!.client, text)
      flushNetwork(link!.guest)
    }
    NetworkSystem(a!.host)
    assert.equal(log, [
      `data ${a!.accepted} 1`,
      `data ${b!.accepted} 2`,
      `data ${c!.accepted} 3`,
      `data ${a!.accepted} 4`,
      `data ${c!.accepted} 5`,
      `data ${b!.accepted} 6`,
    ])
  })

  it('keeps the packets of one write together', (net) => {
    const [a, b] = net.links(2)
    const log = logOf(a!.host)
    for (const text of ['a1', 'a2', 'a3']) say(a!.guest, a!.client, text)
    say(b!.guest, b!.client, 'b1')
    flushNetwork(a!.guest)
    flushNetwork(b!.guest)
    say(a!.guest, a!.client, 'a4')
    say(a!.guest, a!.client, 'a5')
    flushNetwork(a!.guest)
    NetworkSystem(a!.host)
    assert.equal(
      log.map((line) => line.split(' ')[2]),
      ['a1', 'a2', 'a3', 'b1', 'a4', 'a5'],
    )
  })

  it('gives a whole life of a connection in one tick: connect, data, disconnect', (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    const guest = net.world()
    const log = logOf(host)
    const client = net.clientIn(guest, host, server)
    say(guest, client, 'hello')
    destroySocket(guest, client)
    assert.equal(log, [])
    NetworkSystem(host)
    const socket = log[0]!.split(' ')[1]!
    assert.equal(log, [`connect ${socket}`, `data ${socket} hello`, `disconnect ${socket}`])
    assert.is(query(host, [Socket]).length, 1)
    NetworkSystem(host)
    assert.is(log.length, 3)
  })

  it('gives out the ids of new connections in the tick, in order of arrival', (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    const before = addEntity(host)
    const guests = Array.from({ length: 5 }, () => net.world())
    const clients = guests.map((guest) => net.clientIn(guest, host, server))
    const between = addEntity(host)
    const heard: number[] = []
    onEach(host, (load) => {
      if (load.type === NetworkType.connect) heard.push(load.socket)
    })
    guests.forEach((guest) => NetworkSystem(guest))
    NetworkSystem(host)
    assert.is(between, before + 1)
    assert.equal(
      heard,
      guests.map((_, index) => between + 2 + index),
    )
    assert.equal(
      heard.map((socket) => Socket(host).port[socket]),
      guests.map((guest, index) => Socket(guest).localPort[clients[index]!]),
    )
  })

  it('leaves for the next tick what arrives while handlers run, from other worlds and from its own', (net) => {
    const [link] = net.links(1)
    const { host, guest, client, server } = link!
    const inside = net.link(host, server, host)
    const seen: string[] = []
    onEach(host, (load) => {
      const text = textOf(load)
      seen.push(text)
      if (text !== 'first') return
      say(guest, client, 'from outside')
      flushNetwork(guest)
      say(host, inside.client, 'from inside')
      flushNetwork(host)
      net.clientIn(net.world(), host, server)
    })
    say(guest, client, 'first')
    flushNetwork(guest)
    NetworkSystem(host)
    assert.equal(seen, ['first'])
    NetworkSystem(host)
    assert.equal(seen, ['first', 'from outside', 'from inside', ''])
  })

  it('terminates when a handler answers itself for ever: one round a tick', (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    const { accepted, client } = net.link(host, server, host)
    let rounds = 0
    onEach(host, (load) => {
      rounds++
      say(host, load.id === accepted ? accepted : client, 'again')
    })
    say(host, client, 'begin')
    flushNetwork(host)
    for (let tick = 1; tick <= 20; tick++) {
      NetworkSystem(host)
      assert.is(rounds, tick)
    }
  })
})

memorySpec('NetworkSystem :: subscribers', (it) => {
  it('run in order of subscription, whatever their entity ids', (net) => {
    const [link] = net.links(1)
    const { host, guest, client } = link!
    const entities = Array.from({ length: 5 }, () => addEntity(host))
    const calls: number[] = []
    const order = [3, 0, 4, 1, 2]
    for (const index of order) onNetworking(host, entities[index]!, () => void calls.push(index))
    const tick = () => {
      calls.length = 0
      say(guest, client, 'x')
      flushNetwork(guest)
      NetworkSystem(host)
      return calls
    }
    assert.equal(tick(), order)

    // A second handler of an entity stands last, and so does one that subscribes again.
    onNetworking(host, entities[0]!, () => void calls.push(10))
    assert.equal(tick(), [3, 0, 4, 1, 2, 10])
    removeComponent(host, entities[4]!, AsyncNetworking)
    assert.equal(tick(), [3, 0, 1, 2, 10])
    onNetworking(host, entities[4]!, () => void calls.push(4))
    assert.equal(tick(), [3, 0, 1, 2, 10, 4])
    removeEntity(host, entities[3]!)
    assert.equal(tick(), [0, 1, 2, 10, 4])
  })

  it('get world, themselves and one event', (net) => {
    const [link] = net.links(1)
    const { host, guest, client, accepted, server } = link!
    const self = addEntity(host)
    const seen: unknown[] = []
    onNetworking(host, self, (world, me, load) => {
      seen.push(world === host, me === self, load.toJSON())
      if (load.type === NetworkType.data) seen.push(load.server, load.size, load.buffer.position)
    })
    const second: unknown[] = []
    onEach(host, (load) => second.push(load))
    say(guest, client, 'four')
    flushNetwork(guest)
    NetworkSystem(host)
    const [isWorld, isSelf, keys, of, size, position] = seen as [
      boolean,
      boolean,
      Record<string, unknown>,
      number,
      number,
      number,
    ]
    assert.equal([isWorld, isSelf, of, size, position], [true, true, server, 4, 0])
    assert.equal(Object.keys(keys), ['type', 'id', 'ip', 'port', 'buffer', 'size', 'server'])
    assert.is(keys['id'], accepted)
    assert.is(keys['ip'], '127.0.0.1')
    assert.is(keys['port'], Socket(guest).localPort[client])
    assert.is(second.length, 1)
  })
})

memorySpec('NetworkSystem :: handlers that throw', (it) => {
  it('cost nobody an event; the same error is thrown when the tick is done', (net) => {
    const [a, b] = net.links(2)
    const { host } = a!
    const first = logOf(host)
    const problem = new Error('a problem of the game')
    onEach(host, (load) => {
      if (textOf(load) === 'a1') throw problem
    })
    onEach(host, (load) => {
      if (textOf(load) === 'a1') say(host, load.id, 'reply')
    })
    const last = logOf(host)
    const replies = logOf(a!.guest)
    say(a!.guest, a!.client, 'a1')
    say(a!.guest, a!.client, 'a2')
    say(b!.guest, b!.client, 'b1')
    flushNetwork(a!.guest)
    flushNetwork(b!.guest)
    assert.is(
      thrownBy(() => NetworkSystem(host)),
      problem,
    )
    assert.is(first.length, 3)
    assert.equal(last, first)
    assert.is(query(host, [NetworkEvent]).length, 0)
    assert.ok(hasComponent(host, a!.accepted, Connected))
    NetworkSystem(a!.guest)
    assert.equal(replies, [`data ${a!.client} reply`])

    say(a!.guest, a!.client, 'a3')
    flushNetwork(a!.guest)
    NetworkSystem(host)
    assert.is(first.length, 4)
  })

  it('throw one AggregateError of all errors, in order', (net) => {
    const [link] = net.links(1)
    const { host, guest, client } = link!
    const problems = [new Error('1'), 'a text', undefined, new TypeError('4')]
    onEach(host, (load) => {
      throw problems[Number(textOf(load))]
    })
    for (const index of problems.keys()) say(guest, client, String(index))
    flushNetwork(guest)
    const error = thrownBy(() => NetworkSystem(host))
    assert.instance(error, AggregateError)
    assert.is((error as AggregateError).errors.length, 4)
    ;(error as AggregateError).errors.forEach((it, index) => assert.is(it, problems[index]))
  })

  it('throw a value that is no error as it is', (net) => {
    const [link] = net.links(1)
    const { host, guest, client } = link!
    onEach(host, () => {
      // oxlint-disable-next-line typescript/only-throw-error -- that is the case
      throw 'just a text'
    })
    say(guest, client, 'x')
    flushNetwork(guest)
    assert.is(
      thrownBy(() => NetworkSystem(host)),
      'just a text',
    )
  })

  it('do not keep the entity of a socket that is gone', (net) => {
    const [link] = net.links(1)
    const { host, guest, client, accepted, server } = link!
    onEach(host, () => {
      throw new Error('in the disconnect event')
    })
    const log = logOf(host)
    closeNetwork(guest)
    assert.throws(() => NetworkSystem(host), /in the disconnect event/)
    assert.equal(log, [`disconnect ${accepted}`])
    assert.equal([...query(host, [Socket])], [server])
    assert.is(client > 0, true)
  })

  it('are no worse than a warn function that throws: the connection goes on', (net) => {
    const host = net.world({
      warn() {
        throw new Error('the logger is broken')
      },
    })
    const { guest, client } = net.link(host, net.serverIn(host))
    const log = logOf(host)
    sendRaw(guest, client, Buffer.from('this is no packet at all'))
    flushNetwork(guest)
    say(guest, client, 'but this is')
    flushNetwork(guest)
    NetworkSystem(host)
    assert.is(log.length, 1)
    assert.match(log[0]!, 'but this is')
  })
})
