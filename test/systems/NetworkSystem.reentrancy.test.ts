import {
  addComponent,
  addEntity,
  deleteWorld,
  type EntityId,
  entityExists,
  hasComponent,
  query,
  removeEntity,
  resetWorld,
} from 'bitecs'
import {
  closeNetwork,
  Connected,
  destroySocket,
  Disconnected,
  NetworkEvent,
  NetworkSystem,
  NetworkType,
  onNetworking,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { logOf, once, onEach } from '../lib/recordEvents.ts'
import { arrive, say } from '../lib/say.ts'
import { sorted } from '../lib/sockets.ts'

memorySpec('NetworkSystem :: handlers and subscriptions', (it) => {
  it('a new subscriber hears the next event, not the running one', (net) => {
    const [link] = net.links(1)
    let log: string[] = []
    once(link!.host, () => {
      log = logOf(link!.host)
    })
    arrive([link!, '1'], [link!, '2'])
    NetworkSystem(link!.host)
    assert.equal(log, [`data ${link!.accepted} 2`])
  })

  it('whoever is unsubscribed by an earlier handler does not hear the running event', (net) => {
    const [link] = net.links(1)
    const { host } = link!
    const before = addEntity(host)
    const beforeLog = logOf(host, before)
    const ends: (() => void)[] = []
    once(host, () => {
      ends.forEach((end) => end())
      removeEntity(host, before)
    })
    const calls: number[] = []
    for (const index of [0, 1])
      ends.push(onNetworking(host, addEntity(host), () => void calls.push(index)))
    const last = logOf(host)
    arrive([link!, '1'], [link!, '2'])
    NetworkSystem(host)
    assert.equal(calls, [])
    assert.is(beforeLog.length, 1)
    assert.is(last.length, 2)
  })

  it('an entity that takes the id of a removed subscriber does not take its place in the running event', (net) => {
    const [link] = net.links(1)
    const { host } = link!
    const victim = { entity: 0 }
    let log: string[] = []
    once(host, () => {
      removeEntity(host, victim.entity)
      const heir = addEntity(host)
      assert.is(heir, victim.entity)
      log = logOf(host, heir)
    })
    victim.entity = addEntity(host)
    const victimLog = logOf(host, victim.entity)
    arrive([link!, '1'], [link!, '2'])
    NetworkSystem(host)
    assert.equal(victimLog, [])
    assert.equal(log, [`data ${link!.accepted} 2`])
  })

  it('a handler may put another in its place, which may end itself', (net) => {
    const [link] = net.links(1)
    const { host } = link!
    const self = addEntity(host)
    const calls: string[] = []
    const endOld = onNetworking(host, self, () => {
      calls.push('old')
      endOld()
      const end = onNetworking(host, self, () => {
        calls.push('new')
        end()
      })
    })
    arrive([link!, '1'], [link!, '2'], [link!, '3'])
    NetworkSystem(host)
    assert.equal(calls, ['old', 'new'])
  })
})

memorySpec('NetworkSystem :: handlers that destroy', (it) => {
  it('their own socket: nothing more of it is delivered, the others lose nothing', (net) => {
    const [a, b] = net.links(2)
    const { host, accepted } = a!
    once(host, (load) => destroySocket(host, load.id))
    const log = logOf(host)
    arrive([a!, 'a1'], [b!, 'b1'], [a!, 'a2'])
    destroySocket(a!.guest, a!.client)
    NetworkSystem(host)
    assert.equal(log, [`data ${b!.accepted} b1`])
    assert.not.ok(entityExists(host, accepted))
    NetworkSystem(host)
    assert.is(log.length, 1)
  })

  it('their own socket in its connect event', (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    onEach(host, (load) => {
      if (load.type === NetworkType.connect) destroySocket(host, load.socket)
    })
    const guest = net.world({ clientDisconnectEvents: true })
    const log = logOf(host)
    const guestLog = logOf(guest)
    const client = net.clientIn(guest, host, server)
    say(guest, client, 'hello')
    NetworkSystem(guest)
    NetworkSystem(host)
    NetworkSystem(guest)
    assert.equal(log, [])
    assert.equal(guestLog, [`disconnect ${client}`])
    assert.ok(hasComponent(guest, client, Disconnected))
    assert.equal([...query(host, [Socket])], [server])
  })

  it('the socket of a disconnect event: everybody still hears its end', (net) => {
    const [a, b] = net.links(2)
    const { host } = a!
    onEach(host, (load) => {
      if (load.type === NetworkType.disconnect) destroySocket(host, load.socket)
    })
    const log = logOf(host)
    destroySocket(a!.guest, a!.client)
    arrive([b!, 'b1'])
    NetworkSystem(host)
    assert.equal(log, [`disconnect ${a!.accepted}`, `data ${b!.accepted} b1`])
    assert.not.ok(entityExists(host, a!.accepted))
  })

  it('the socket of a disconnect event, and make an entity: it is not removed in its place', (net) => {
    const [a] = net.links(1)
    const { host } = a!
    let heir: EntityId | undefined
    onEach(host, (load) => {
      if (load.type !== NetworkType.disconnect) return
      destroySocket(host, load.socket)
      heir = addEntity(host)
    })
    destroySocket(a!.guest, a!.client)
    NetworkSystem(host)
    assert.is(heir, a!.accepted, 'bitECS hands the id out again')
    assert.ok(entityExists(host, heir!), 'the new entity is still there')
  })

  it('another socket: its events of this tick are not delivered', (net) => {
    const [a, b, c] = net.links(3)
    const { host } = a!
    once(host, () => removeEntity(host, b!.accepted))
    const log = logOf(host)
    arrive([a!, 'a1'], [b!, 'b1'], [c!, 'c1'], [b!, 'b2'], [a!, 'a2'])
    NetworkSystem(host)
    assert.equal(log, [
      `data ${a!.accepted} a1`,
      `data ${c!.accepted} c1`,
      `data ${a!.accepted} a2`,
    ])
    NetworkSystem(b!.guest)
    assert.ok(hasComponent(b!.guest, b!.client, Disconnected))
  })

  it('another socket, whose id is given to an entity at once: it gets nothing of it', (net) => {
    const [a, b] = net.links(2)
    const { host } = a!
    let heir = -1
    once(host, () => {
      removeEntity(host, b!.accepted)
      heir = addEntity(host)
    })
    const log = logOf(host)
    arrive([a!, 'a1'], [b!, 'b1'])
    destroySocket(b!.guest, b!.client)
    NetworkSystem(host)
    assert.is(heir, b!.accepted)
    assert.ok(entityExists(host, heir))
    assert.equal(log, [`data ${a!.accepted} a1`])
    for (const component of [Socket, NetworkEvent, Connected, Disconnected])
      assert.not.ok(hasComponent(host, heir, component))
  })

  it('another socket, whose id is given to an entity that is Connected: it stays so', (net) => {
    const [a, b] = net.links(2)
    const { host } = a!
    let heir = -1
    once(host, () => {
      removeEntity(host, b!.accepted)
      heir = addEntity(host)
      addComponent(host, heir, Connected)
    })
    arrive([a!, 'a1'])
    destroySocket(b!.guest, b!.client)
    NetworkSystem(host)
    assert.is(heir, b!.accepted)
    assert.ok(hasComponent(host, heir, Connected))
  })

  it('their own client as it is connected: who comes after them hears nothing', (net) => {
    const host = net.world()
    const guest = net.world({ nonBlocking: true })
    const before = logOf(guest)
    once(guest, (load) => destroySocket(guest, load.id))
    const after = logOf(guest)
    const client = net.clientIn(guest, host, net.serverIn(host))
    NetworkSystem(guest)
    assert.equal([before, after], [[`result 1 ${client}`], []])
  })

  it('the server: nothing more of its clients; other servers go on', (net) => {
    const [a, b] = net.links(2)
    const { host, server } = a!
    const other = net.serverIn(host)
    const c = net.link(host, other)
    once(host, () => destroySocket(host, server))
    const log = logOf(host)
    arrive([a!, 'a1'], [b!, 'b1'], [c, 'c1'], [a!, 'a2'])
    net.clientIn(net.world(), host, server)
    NetworkSystem(host)
    assert.equal(log, [`data ${c.accepted} c1`])
    assert.equal(sorted(query(host, [Socket])), sorted([other, c.accepted]))
    NetworkSystem(a!.guest)
    NetworkSystem(b!.guest)
    assert.ok(hasComponent(a!.guest, a!.client, Disconnected))
    assert.ok(hasComponent(b!.guest, b!.client, Disconnected))
  })

  it('everything by closeNetwork, and begin anew at once', (net) => {
    const [a, b] = net.links(2)
    const { host } = a!
    let server = -1
    once(host, () => {
      closeNetwork(host)
      server = net.serverIn(host)
    })
    const log = logOf(host)
    arrive([a!, 'a1'], [b!, 'b1'])
    NetworkSystem(host)
    assert.equal(log, [])
    assert.equal([...query(host, [Socket])], [server])
    const again = net.link(host, server)
    assert.equal(log, [`connect ${again.accepted}`])
  })

  it('all other entities of the world, themselves included', (net) => {
    const [a] = net.links(1)
    const { host } = a!
    once(host, () => {
      for (const entity of Array.from(query(host, []))) removeEntity(host, entity)
      closeNetwork(host)
    })
    arrive([a!, 'a1'], [a!, 'a2'])
    NetworkSystem(host)
    assert.is(query(host, [Socket]).length, 0)
  })

  it('the world: the tick ends quietly and the peers learn of it', (net) => {
    const [a, b] = net.links(2)
    const { host } = a!
    once(host, () => deleteWorld(host))
    const log = logOf(host)
    arrive([a!, 'a1'], [b!, 'b1'])
    NetworkSystem(host)
    assert.equal(log, [], 'who is left of a deleted world hears nothing')
    assert.throws(() => NetworkSystem(host), TypeError)
    NetworkSystem(a!.guest)
    assert.ok(hasComponent(a!.guest, a!.client, Disconnected))
  })

  it('the world by resetWorld: former subscribers are gone at once', (net) => {
    const [a, b] = net.links(2)
    const { host } = a!
    once(host, () => resetWorld(host))
    const log = logOf(host)
    arrive([a!, 'a1'], [b!, 'b1'])
    NetworkSystem(host)
    NetworkSystem(host)
    assert.equal(log, [])
    assert.is(query(host, [Socket]).length, 0)
    NetworkSystem(a!.guest)
    assert.ok(hasComponent(a!.guest, a!.client, Disconnected))
  })
})
