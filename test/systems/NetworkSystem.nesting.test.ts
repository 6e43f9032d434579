import {
  addComponent,
  addEntity,
  createWorld,
  type EntityId,
  entityExists,
  hasComponent,
  observe,
  onAdd,
  query,
  removeEntity,
} from 'bitecs'
import {
  Connected,
  connectSocket,
  createServer,
  createSocket,
  destroySocket,
  Disconnected,
  flushNetwork,
  NetworkError,
  NetworkEvent,
  NetworkReceiveSystem,
  NetworkSystem,
  sendPacket,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { lineOf, logOf, once, onEach, textOf } from '../lib/recordEvents.ts'
import { arrive, say } from '../lib/say.ts'
import { portOf } from '../lib/sockets.ts'
import { thrownBy } from '../lib/throws.ts'

memorySpec('NetworkSystem :: handlers that make', (it) => {
  it('servers and sockets, and connect them: the events come in the next tick', (net) => {
    const [a] = net.links(1)
    const { host } = a!
    let server = -1
    let client = -1
    once(host, () => {
      server = createServer(host, net.transport, 0)
      client = createSocket(host, net.transport)
      void connectSocket(host, client, 'memory', portOf(host, server), { async: true })
      assert.is(sendPacket(host, client, Buffer.from('early')), 17, 'memory is open at once')
    })
    const log: string[] = []
    onEach(host, (load) => {
      log.push(lineOf(load).replace(/\d+ ?/g, ''))
    })
    arrive([a!, 'x'])
    NetworkSystem(host)
    assert.equal(log, ['data x'])
    NetworkSystem(host)
    assert.is(log.length, 4)
    assert.equal([...log].sort(), ['connect ', 'data early', 'data x', 'result '])
    assert.ok(log.indexOf('connect ') < log.indexOf('data early'))
  })

  it('a connection anew from the result of one that failed', async (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    const guest = net.world({ nonBlocking: true })
    const client = createSocket(guest, net.transport)
    const before = logOf(guest)
    let second: Promise<number> | undefined
    once(guest, () => {
      second = connectSocket(guest, client, 'memory', portOf(host, server))
    })
    const after = logOf(guest)
    assert.is(await connectSocket(guest, client, 'memory', 1), NetworkError.refused)
    NetworkSystem(guest)
    assert.is(await second, client)
    NetworkSystem(guest)
    assert.equal(before, [`result 0 ${client}`, `result 1 ${client}`])
    assert.equal(after, before, 'connecting anew costs nobody the event')
    assert.ok(hasComponent(guest, client, Connected))
    assert.not.ok(hasComponent(guest, client, Disconnected))
  })

  it('sends to several sockets while one of them goes', (net) => {
    const [a, b, c] = net.links(3)
    const { host } = a!
    const logs = [a!, b!, c!].map(({ guest }) => logOf(guest))
    once(host, () => {
      const all = [a!.accepted, b!.accepted, c!.accepted]
      assert.is(sendPacket(host, all, Buffer.from('one')), 3)
      destroySocket(host, b!.accepted)
      assert.is(sendPacket(host, all, Buffer.from('two')), 2)
      assert.is(sendPacket(host, b!.accepted, Buffer.from('x')), NetworkError.unknownSocket)
    })
    arrive([a!, 'go'])
    NetworkSystem(host)
    for (const { guest } of [a!, b!, c!]) NetworkSystem(guest)
    assert.equal(logs, [
      [`data ${a!.client} one`, `data ${a!.client} two`],
      [`data ${b!.client} one`],
      [`data ${c!.client} one`, `data ${c!.client} two`],
    ])
  })
})

memorySpec('NetworkSystem :: nested ticks', (it) => {
  it('throw a clear error and harm nothing', (net) => {
    const [a, b] = net.links(2)
    const { host } = a!
    let error: unknown
    once(host, () => {
      error = thrownBy(() => NetworkSystem(host))
      NetworkReceiveSystem(host)
      say(host, a!.accepted, 'reply')
    })
    const log = logOf(host)
    const replies = logOf(a!.guest)
    arrive([a!, 'a1'], [b!, 'b1'])
    NetworkSystem(host)
    assert.instance(error, Error)
    assert.match((error as Error).message, /NetworkSystem: .*handler/)
    assert.equal(log, [`data ${a!.accepted} a1`, `data ${b!.accepted} b1`])
    NetworkSystem(a!.guest)
    assert.equal(replies, [`data ${a!.client} reply`])
    arrive([a!, 'a2'])
    NetworkSystem(host)
    assert.is(log.length, 3)
  })

  it('are thrown on when the handler does not catch them', (net) => {
    const [a] = net.links(1)
    const { host } = a!
    once(host, () => void NetworkSystem(host))
    const log = logOf(host)
    arrive([a!, 'a1'], [a!, 'a2'])
    assert.throws(() => NetworkSystem(host), /NetworkSystem: .*handler/)
    assert.is(log.length, 2)
  })

  it('of another world are no nested ticks', (net) => {
    const [a] = net.links(1)
    const { host, guest, client } = a!
    const log = logOf(guest)
    let depth = 0
    once(host, () => {
      say(host, a!.accepted, 'to the guest')
      flushNetwork(host)
      NetworkSystem(guest)
      depth = log.length
    })
    arrive([a!, 'x'])
    NetworkSystem(host)
    assert.is(depth, 1)
    assert.equal(log, [`data ${client} to the guest`])
  })
})

memorySpec('NetworkSystem :: observers of the game', (it) => {
  it('may turn a client out as soon as it is Connected, and its id away', (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    const heirs: EntityId[] = []
    observe(host, onAdd(Connected), (entity) => {
      removeEntity(host, entity)
      heirs.push(addEntity(host))
    })
    const log = logOf(host)
    const guest = net.world()
    const client = net.clientIn(guest, host, server)
    say(guest, client, 'hello')
    flushNetwork(guest)
    NetworkSystem(host)
    assert.equal(log, [])
    assert.is(heirs.length, 1)
    assert.ok(entityExists(host, heirs[0]!))
    for (const component of [Socket, NetworkEvent, Connected, Disconnected])
      assert.not.ok(hasComponent(host, heirs[0]!, component))
    NetworkSystem(guest)
    assert.ok(hasComponent(guest, client, Disconnected))
  })

  it('may send and flush when NetworkEvent is added, without mixing the order up', (net) => {
    const host = net.world({ eventsPerSocketMax: 1 })
    const server = net.serverIn(host)
    const { accepted, client } = net.link(host, server, host)
    for (const text of ['1', '2', '3']) {
      say(host, client, text)
      flushNetwork(host)
    }
    let isDone = false
    observe(host, onAdd(NetworkEvent), () => {
      if (isDone) return
      isDone = true
      say(host, client, '4')
      flushNetwork(host)
    })
    const log = logOf(host)
    for (let tick = 0; tick < 5; tick++) NetworkSystem(host)
    assert.equal(
      log,
      ['1', '2', '3', '4'].map((text) => `data ${accepted} ${text}`),
    )
  })

  it('may throw: nothing is lost by it', (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    let isArmed = true
    const problem = new Error('of an observer')
    observe(host, onAdd(Connected), () => {
      if (isArmed) throw problem
    })
    const log = logOf(host)
    const guest = net.world()
    const client = net.clientIn(guest, host, server)
    say(guest, client, 'hello')
    flushNetwork(guest)
    assert.is(
      thrownBy(() => NetworkSystem(host)),
      problem,
    )
    isArmed = false
    const socket = log[0]!.split(' ')[1]
    assert.equal(log, [`connect ${socket}`, `data ${socket} hello`])
    assert.is(query(host, [NetworkEvent]).length, 0)
  })

  it('of worlds that share component objects see only their own sockets', (net) => {
    const [a] = net.links(1)
    const stranger = net.world({}, createWorld())
    const seen: EntityId[] = []
    observe(stranger, onAdd(NetworkEvent), (entity) => void seen.push(entity))
    addComponent(stranger, addEntity(stranger), {})
    arrive([a!, 'x'])
    const texts: string[] = []
    onEach(a!.host, (load) => texts.push(textOf(load)))
    NetworkSystem(stranger)
    NetworkSystem(a!.host)
    assert.equal(texts, ['x'])
    assert.equal(seen, [])
  })
})
