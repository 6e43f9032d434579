import {
  addEntity,
  entityExists,
  hasComponent,
  Not,
  observe,
  onAdd,
  onRemove,
  removeComponent,
  removeEntity,
  resetWorld,
  type World,
} from 'bitecs'
import {
  AsyncNetworking,
  Connected,
  createMemoryTransport,
  createServer,
  createSocket,
  destroySocket,
  flushNetwork,
  NetworkSystem,
  onNetworking,
  Socket,
} from 'bitecs-networking'
import { gml_bind, gml_on_networking, gml_step } from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { say } from '../lib/say.ts'

/** Runs `act` the first time that `hook` calls. */
function once(act: (entity: number) => void): (entity: number) => void {
  let isDone = false
  return (entity) => {
    if (isDone) return
    isDone = true
    act(entity)
  }
}

function throwUser(): never {
  throw new Error('user')
}

function throwTransport(): never {
  throw new Error('transport')
}

function subscriptionsOf(world: World, entity: number): number | undefined {
  return AsyncNetworking(world).subscriptions[entity]?.length
}

memorySpec('observers of the user, when subscriptions begin', (it) => {
  it('that throw leave no subscription behind', (net) => {
    const { host, guest, client } = net.links(1)[0]!
    const self = addEntity(host)
    let calls = 0
    observe(host, onAdd(AsyncNetworking), once(throwUser))
    assert.throws(() => onNetworking(host, self, () => void calls++), 'user')
    const end = onNetworking(host, self, () => void calls++)
    say(guest, client, 'x')
    flushNetwork(guest)
    NetworkSystem(host)
    assert.is(calls, 1)
    end()
    assert.not.ok(hasComponent(host, self, AsyncNetworking))
  })

  it('that throw leave none of the gml face behind', (net) => {
    const { host, guest, client } = net.links(1)[0]!
    const before = gml_bind(host) ?? net.world()
    try {
      let calls = 0
      observe(host, onAdd(AsyncNetworking), once(throwUser))
      assert.throws(() => gml_on_networking(() => undefined), 'user')
      gml_on_networking(() => void calls++)
      say(guest, client, 'x')
      flushNetwork(guest)
      gml_step()
      assert.is(calls, 1)
    } finally {
      gml_bind(before)
    }
  })
})

memorySpec('observers of the user, when a socket with subscribers goes', (it) => {
  it('that throw: the other subscriber loses its component too', (net) => {
    const { host, accepted } = net.links(1)[0]!
    const subscribers = [addEntity(host), addEntity(host)]
    for (const self of subscribers) onNetworking(host, self, () => undefined, { from: accepted })
    observe(host, onRemove(AsyncNetworking), once(throwUser))
    assert.throws(() => destroySocket(host, accepted), 'user')
    for (const self of subscribers) assert.not.ok(hasComponent(host, self, AsyncNetworking))
  })

  it('that remove the other subscriber, whose id another takes', (net) => {
    const { host, accepted } = net.links(1)[0]!
    const [one, two] = [addEntity(host), addEntity(host)]
    for (const self of [one, two]) onNetworking(host, self, () => undefined, { from: accepted })
    let heir = -1
    const act = (): void => {
      removeEntity(host, two)
      heir = addEntity(host)
      onNetworking(host, heir, () => undefined)
    }
    observe(host, onRemove(AsyncNetworking), once(act))
    destroySocket(host, accepted)
    assert.is(heir, two)
    assert.is(subscriptionsOf(host, heir), 1)
  })

  it('that reset the world', (net) => {
    const { host, server } = net.links(1)[0]!
    observe(host, onRemove(Connected), () => resetWorld(host))
    onNetworking(host, addEntity(host), () => undefined, { from: server })
    destroySocket(host, server)
  })

  it('that give its id to another socket, which keeps its subscription', (net) => {
    const { host, server } = net.links(1)[0]!
    let heir = -1
    const act = (): void => {
      removeEntity(host, server)
      heir = createSocket(host, net.transport)
      onNetworking(host, heir, () => undefined)
    }
    observe(host, onRemove(Connected), once(act))
    removeComponent(host, server, Socket)
    assert.is(heir, server)
    assert.is(subscriptionsOf(host, heir), 1)
  })

  it('that throw beside a transport that throws: both come out', (net) => {
    const host = net.world()
    const listener = { port: 9, close: throwTransport }
    const transport = { ...createMemoryTransport(), listen: () => listener }
    const server = createServer(host, transport, 0)
    onNetworking(host, addEntity(host), () => undefined, { from: server })
    observe(host, onRemove(AsyncNetworking), once(throwUser))
    try {
      destroySocket(host, server)
      assert.unreachable()
    } catch (error) {
      const messages = (error as AggregateError).errors.map(String)
      assert.equal(messages.toSorted(), ['Error: transport', 'Error: user'])
    }
  })
})

memorySpec('observers of the user, when a socket is made', (it) => {
  it('that throw leave no socket behind', (net) => {
    const host = net.world()
    createServer(host, net.transport, 0)
    let made = -1
    const act = (entity: number): void => {
      made = entity
      throwUser()
    }
    observe(host, onAdd(Socket), once(act))
    assert.throws(() => createSocket(host, net.transport), 'user')
    assert.not.ok(entityExists(host, made))
  })

  it('that give its id to another and throw: the other stays', (net) => {
    const host = net.world()
    let other = -1
    const act = (entity: number): void => {
      removeEntity(host, entity)
      other = createSocket(host, net.transport)
      assert.is(other, entity)
      throwUser()
    }
    observe(host, onAdd(Socket), once(act))
    assert.throws(() => createSocket(host, net.transport), 'user')
    assert.ok(hasComponent(host, other, Socket))
    destroySocket(host, other)
  })

  it('that throw when its entity is made: the port is free again', (net) => {
    const host = net.world()
    createSocket(host, net.transport)
    observe(host, onAdd(Not({})), once(throwUser))
    assert.throws(() => createServer(host, net.transport, 4_321), 'user')
    assert.ok(createServer(host, net.transport, 4_321) >= 0)
  })
})
