import {
  addComponent,
  addEntity,
  getRelationTargets,
  hasComponent,
  removeComponent,
  removeEntity,
} from 'bitecs'
import {
  AsyncNetworking,
  destroySocket,
  flushNetwork,
  NetworkSystem,
  onNetworking,
  Socket,
  SubscribedTo,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { type Link, type TestNet } from '../lib/TestNet.ts'
import { lineOf, logOf } from '../lib/recordEvents.ts'
import { say } from '../lib/say.ts'

/** Each client says its number; then a tick. */
function round(links: readonly Link[]): void {
  links.forEach(({ guest, client }, index) => {
    say(guest, client, String(index))
    flushNetwork(guest)
  })
  NetworkSystem(links[0]!.host)
}

/** The numbers in a log, which is emptied. */
function heard(log: string[]): string {
  return log
    .splice(0)
    .map((line) => line.split(' ')[2] ?? line.split(' ')[0])
    .join(' ')
}

/** A socket whose entity id was never the target of a relation in this process. */
function linkFrom(id: number, net: TestNet, { host, server }: Link): Link {
  while (addEntity(host) < id);
  return net.link(host, server)
}

function three(net: TestNet): [Link, Link, Link] {
  return net.links(3) as [Link, Link, Link]
}

memorySpec('SubscribedTo', (it) => {
  it('narrows to one socket, added before onNetworking or after it', (net) => {
    const links = three(net)
    const { host } = links[0]
    const before = addEntity(host)
    addComponent(host, before, SubscribedTo(links[1].accepted))
    const beforeLog = logOf(host, before)
    const after = addEntity(host)
    const afterLog = logOf(host, after)
    round(links)
    assert.is(heard(beforeLog), '1')
    assert.is(heard(afterLog), '0 1 2')
    addComponent(host, after, SubscribedTo(links[2].accepted))
    round(links)
    assert.is(heard(beforeLog), '1')
    assert.is(heard(afterLog), '2')
  })

  it('narrows to several sockets, each event once', (net) => {
    const links = three(net)
    const { host, server } = links[0]
    const self = addEntity(host)
    const log = logOf(host, self)
    addComponent(host, self, SubscribedTo(links[0].accepted))
    addComponent(host, self, SubscribedTo(links[2].accepted))
    round(links)
    assert.is(heard(log), '0 2')
    addComponent(host, self, SubscribedTo(server))
    round(links)
    assert.is(heard(log), '0 1 2', 'a socket and its server')
    removeComponent(host, self, SubscribedTo(links[0].accepted))
    removeComponent(host, self, SubscribedTo(server))
    round(links)
    assert.is(heard(log), '2')
  })

  it('to a server covers connect, data and disconnect of all it accepts, and nothing of others', (net) => {
    const host = net.world()
    const [one, two] = [net.serverIn(host), net.serverIn(host)]
    const self = addEntity(host)
    addComponent(host, self, SubscribedTo(one))
    const log = logOf(host, self)
    const a = net.link(host, one)
    const b = net.link(host, two)
    round([a, b])
    destroySocket(a.guest, a.client)
    destroySocket(b.guest, b.client)
    NetworkSystem(host)
    assert.equal(log, [`connect ${a.accepted}`, `data ${a.accepted} 0`, `disconnect ${a.accepted}`])
  })

  it('added by a handler in the connect event hears the data of the same tick', (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    const logs: string[][] = []
    const welcomer = addEntity(host)
    addComponent(host, welcomer, SubscribedTo(server))
    onNetworking(host, welcomer, (world, _self, load) => {
      if (!('socket' in load) || load.succeeded === 0) return
      addComponent(world, load.socket, SubscribedTo(load.socket))
      const log: string[] = []
      logs.push(log)
      onNetworking(world, load.socket, (_world, _me, own) => void log.push(lineOf(own)))
    })
    for (const name of ['a', 'b']) {
      const guest = net.world()
      const client = net.clientIn(guest, host, server)
      say(guest, client, name)
      flushNetwork(guest)
    }
    NetworkSystem(host)
    assert.equal(
      logs.map((log) => log.map((line) => line.split(' ')[2])),
      [['a'], ['b']],
    )
  })

  it('a socket may be subscribed to itself; the subscription ends with it', (net) => {
    const links = three(net)
    const { host } = links[0]
    const own = links.map(({ accepted }) => {
      addComponent(host, accepted, SubscribedTo(accepted))
      return logOf(host, accepted)
    })
    round(links)
    assert.equal(own.map(heard), ['0', '1', '2'])
    destroySocket(links[1].guest, links[1].client)
    NetworkSystem(host)
    assert.equal(own.map(heard), ['', 'disconnect', ''])
    const heir = net.link(host, links[0].server)
    assert.is(heir.accepted, links[1].accepted)
    round([links[0], heir, links[2]])
    assert.equal(own.map(heard), ['0', '', '2'])
  })

  it('removed by hand makes the subscription general again', (net) => {
    const links = three(net)
    const { host } = links[0]
    const self = addEntity(host)
    const log = logOf(host, self)
    addComponent(host, self, SubscribedTo(links[1].accepted))
    round(links)
    assert.is(heard(log), '1')
    removeComponent(host, self, SubscribedTo(links[1].accepted))
    round(links)
    assert.is(heard(log), '0 1 2')
  })

  it('removed by hand before there was any event', (net) => {
    const links = three(net)
    const { host } = links[0]
    const target = linkFrom(5_000, net, links[0]).accepted
    const self = addEntity(host)
    addComponent(host, self, SubscribedTo(target))
    const log = logOf(host, self)
    removeComponent(host, self, SubscribedTo(target))
    round(links)
    assert.is(heard(log), '0 1 2')
  })

  it('whose target is removed: the subscription ends, also when another takes the id', (net) => {
    const links = three(net)
    const { host, server } = links[0]
    const self = addEntity(host)
    addComponent(host, self, SubscribedTo(links[1].accepted))
    const log = logOf(host, self)
    removeEntity(host, links[1].accepted)
    assert.not.ok(hasComponent(host, self, AsyncNetworking))
    const heir = net.link(host, server)
    assert.is(heir.accepted, links[1].accepted)
    assert.equal(getRelationTargets(host, self, SubscribedTo), [])
    round([links[0], heir, links[2]])
    assert.equal(log, [])
  })

  it('one of whose targets is removed before any event: the id of that one is not followed', (net) => {
    const links = three(net)
    const { host, server } = links[0]
    const link = linkFrom(6_000, net, links[0])
    const self = addEntity(host)
    addComponent(host, self, SubscribedTo(links[2].accepted))
    addComponent(host, self, SubscribedTo(link.accepted))
    const log = logOf(host, self)
    removeEntity(host, link.accepted)
    assert.ok(hasComponent(host, self, AsyncNetworking))
    const heir = net.link(host, server)
    assert.is(heir.accepted, link.accepted)
    round([links[0], heir, links[2]])
    assert.is(heard(log), '2')
  })

  it('whose server is removed ends with the server', (net) => {
    const links = three(net)
    const { host, server } = links[0]
    const self = addEntity(host)
    addComponent(host, self, SubscribedTo(server))
    const log = logOf(host, self)
    const general = logOf(host)
    round(links)
    assert.is(heard(log), '0 1 2')
    destroySocket(host, server)
    assert.not.ok(hasComponent(host, self, AsyncNetworking))
    const again = net.link(host, net.serverIn(host))
    round([again])
    assert.equal(log, [])
    assert.is(general.at(-1), `data ${again.accepted} 0`)
  })

  it('keeps the order of subscription between general and narrowed subscribers', (net) => {
    const links = three(net)
    const { host, server } = links[0]
    const calls: string[] = []
    const join = (name: string, target?: number) => {
      const self = addEntity(host)
      onNetworking(host, self, () => void calls.push(name))
      if (target !== undefined) addComponent(host, self, SubscribedTo(target))
      return self
    }
    join('general 1')
    const second = join('own 2', links[0].accepted)
    join('server 3', server)
    join('other 4', links[1].accepted)
    join('general 5')
    join('own 6', links[0].accepted)
    round([links[0]])
    assert.equal(calls.splice(0), ['general 1', 'own 2', 'server 3', 'general 5', 'own 6'])
    removeComponent(host, second, SubscribedTo(links[0].accepted))
    round([links[0]])
    assert.equal(calls.splice(0), ['general 1', 'own 2', 'server 3', 'general 5', 'own 6'])
  })

  it('of one world says nothing of the same ids in another', (net) => {
    const one = three(net)
    const two = three(net)
    assert.equal(
      one.map(({ accepted }) => accepted),
      two.map(({ accepted }) => accepted),
    )
    const self = addEntity(one[0].host)
    const other = addEntity(two[0].host)
    assert.is(self, other)
    const log = logOf(one[0].host, self)
    const otherLog = logOf(two[0].host, other)
    addComponent(one[0].host, self, SubscribedTo(one[1].accepted))
    round(one)
    round(two)
    assert.is(heard(log), '1')
    assert.is(heard(otherLog), '0 1 2')
  })

  it('1,000 subscribers hear only their own sockets, also when half of them have gone', (net) => {
    const links = net.links(1_000)
    const { host, server } = links[0]!
    const logs = links.map(({ accepted }) => {
      const self = addEntity(host)
      addComponent(host, self, SubscribedTo(accepted))
      return logOf(host, self)
    })
    round(links)
    links.forEach(({ accepted }, index) => assert.equal(logs[index], [`data ${accepted} ${index}`]))
    for (const log of logs) log.length = 0
    links.forEach(({ accepted }, index) => {
      if (index % 2 === 0) destroySocket(host, accepted)
    })
    const heirs = Array.from({ length: 500 }, () => net.link(host, server))
    assert.is(Socket(host).role[heirs[0]!.accepted], 2)
    round([...heirs, ...links.filter((_, index) => index % 2 === 1)])
    links.forEach(({ accepted }, index) => {
      const own = 500 + (index - 1) / 2
      assert.equal(logs[index], index % 2 === 0 ? [] : [`data ${accepted} ${own}`])
    })
  })
})
