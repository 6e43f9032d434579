import { addEntity, hasComponent, removeComponent, removeEntity } from 'bitecs'
import {
  AsyncNetworking,
  flushNetwork,
  type NetworkingHandler,
  NetworkSystem,
  onNetworking,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { type Link } from '../lib/TestNet.ts'
import { say } from '../lib/say.ts'

function tick({ host, guest, client }: Link): void {
  say(guest, client, 'x')
  flushNetwork(guest)
  NetworkSystem(host)
}

memorySpec('AsyncNetworking', (it) => {
  it('onNetworking twice runs both handlers; the end of the first does not end the second', (net) => {
    const link = net.links(1)[0]!
    const self = addEntity(link.host)
    const calls: string[] = []
    const endFirst = onNetworking(link.host, self, () => void calls.push('first'))
    const endSecond = onNetworking(link.host, self, () => void calls.push('second'))
    assert.ok(hasComponent(link.host, self, AsyncNetworking))
    tick(link)
    endFirst()
    tick(link)
    assert.equal(calls, ['first', 'second', 'second'])
    endSecond()
    assert.not.ok(hasComponent(link.host, self, AsyncNetworking))
    tick(link)
    endSecond()
    assert.is(calls.length, 3)
    onNetworking(link.host, self, () => void calls.push('third'))
    endFirst()
    endSecond()
    tick(link)
    assert.is(calls.at(-1), 'third')
  })

  it('removing the component or the entity ends the subscription', (net) => {
    const link = net.links(1)[0]!
    const [one, two] = [addEntity(link.host), addEntity(link.host)]
    let calls = 0
    const ends = [one, two].map((self) => onNetworking(link.host, self, () => void calls++))
    tick(link)
    assert.is(calls, 2)
    removeComponent(link.host, one, AsyncNetworking)
    removeEntity(link.host, two)
    tick(link)
    assert.is(calls, 2)
    ends.forEach((end) => end())
  })

  it('an entity that takes the id of a subscriber hears nothing by itself', (net) => {
    const link = net.links(1)[0]!
    const self = addEntity(link.host)
    let calls = 0
    onNetworking(link.host, self, () => void calls++)
    removeEntity(link.host, self)
    assert.is(addEntity(link.host), self)
    tick(link)
    assert.is(calls, 0)
  })

  it('the end of a former subscription does not end that of an entity with the same id and handler', (net) => {
    const link = net.links(1)[0]!
    const calls: number[] = []
    const shared: NetworkingHandler = (_world, self) => void calls.push(self)
    const self = addEntity(link.host)
    const endFormer = onNetworking(link.host, self, shared)
    removeEntity(link.host, self)
    const heir = addEntity(link.host)
    assert.is(heir, self)
    onNetworking(link.host, heir, shared)
    endFormer()
    tick(link)
    assert.equal(calls, [heir])
  })

  it('lets go of the handler when the subscription ends', (net) => {
    const link = net.links(1)[0]!
    const self = addEntity(link.host)
    const end = onNetworking(link.host, self, () => undefined)
    end()
    assert.is(AsyncNetworking(link.host).subscriptions[self], undefined)
    onNetworking(link.host, self, () => undefined)
    removeEntity(link.host, self)
    assert.is(AsyncNetworking(link.host).subscriptions[self], undefined)
  })

  it('refuses what is no handler or no entity, and says so', (net) => {
    const world = net.world()
    const self = addEntity(world)
    assert.throws(
      () => onNetworking(world, self, 'handler' as unknown as NetworkingHandler),
      /onNetworking: handler must be a function, got "handler"/,
    )
    assert.throws(() => onNetworking(world, 999, () => undefined), /onNetworking: entity must be/)
    assert.not.ok(hasComponent(world, self, AsyncNetworking))
  })
})
