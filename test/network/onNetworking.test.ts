import { addEntity, hasComponent, removeComponent, removeEntity } from 'bitecs'
import {
  AsyncNetworking,
  destroySocket,
  flushNetwork,
  type NetworkingHandler,
  NetworkSystem,
  onNetworking,
  Socket,
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

function three(net: TestNet): [Link, Link, Link] {
  return net.links(3) as [Link, Link, Link]
}

memorySpec('onNetworking', (it) => {
  it('on a socket gets the events of that socket, on another entity every event', (net) => {
    const links = three(net)
    const { host, server } = links[0]
    const other = net.link(host, net.serverIn(host))
    const general = logOf(host)
    const own = logOf(host, links[1].accepted)
    const ofServer = logOf(host, server)
    round([...links, other])
    assert.is(heard(general), '0 1 2 3')
    assert.is(heard(own), '1')
    assert.is(heard(ofServer), '0 1 2')
  })

  it('on a client socket gets the events of that socket', (net) => {
    const host = net.world()
    const guest = net.world()
    const server = net.serverIn(host)
    const clients = [net.clientIn(guest, host, server), net.clientIn(guest, host, server)]
    const logs = clients.map((client) => logOf(guest, client))
    NetworkSystem(host)
    NetworkSystem(guest)
    const [first] = Socket(host).role.flatMap((role, entity) => (role === 2 ? [entity] : []))
    say(host, first!, 'x')
    flushNetwork(host)
    NetworkSystem(guest)
    assert.equal(logs.map(heard), ['x', ''])
  })

  it('from one socket: on an entity that is none, and on one that is another', (net) => {
    const links = three(net)
    const { host } = links[0]
    const log = logOf(host, addEntity(host), { from: links[1].accepted })
    const ofOther = logOf(host, links[0].accepted, { from: links[2].accepted })
    round(links)
    assert.is(heard(log), '1')
    assert.is(heard(ofOther), '2')
  })

  it('from several sockets gets each event once', (net) => {
    const links = three(net)
    const { host, server } = links[0]
    const self = addEntity(host)
    const ends = links.map(({ accepted }) => accepted)
    const two = logOf(host, self, { from: [ends[0]!, ends[2]!] })
    const all = logOf(host, self, { from: new Set([ends[0]!, server]) })
    round(links)
    assert.is(heard(two), '0 2')
    assert.is(heard(all), '0 1 2', 'a socket and its server')
  })

  it('judges what the entity is at the call', (net) => {
    const { host } = net.links(1)[0]!
    const plain = addEntity(host)
    const log = logOf(host, plain)
    removeEntity(host, addEntity(host))
    const link = net.link(host, net.serverIn(host))
    const own = logOf(host, link.accepted)
    removeComponent(host, link.accepted, Socket)
    assert.not.ok(hasComponent(host, link.accepted, AsyncNetworking))
    const general = logOf(host, link.accepted)
    const later = net.link(host, net.serverIn(host))
    round([later])
    assert.equal(own, [])
    assert.ok(general.includes(`data ${later.accepted} 0`))
    assert.ok(log.includes(`data ${later.accepted} 0`))
  })

  it('several handlers of an entity add up, in the order of the calls over all entities', (net) => {
    const link = net.links(1)[0]!
    const { host } = link
    const [one, two] = [addEntity(host), addEntity(host)]
    const calls: string[] = []
    const join = (self: number, name: string) =>
      onNetworking(host, self, () => void calls.push(name))
    const ends = [join(one, 'a'), join(two, 'b'), join(one, 'c'), join(one, 'c')]
    round([link])
    assert.equal(calls.splice(0), ['a', 'b', 'c', 'c'])
    ends[0]!()
    ends[0]!()
    round([link])
    assert.equal(calls.splice(0), ['b', 'c', 'c'])
    assert.is(AsyncNetworking(host).subscriptions[one]?.length, 2)
    removeComponent(host, one, AsyncNetworking)
    round([link])
    assert.equal(calls.splice(0), ['b'])
    ends.forEach((end) => end())
    assert.not.ok(hasComponent(host, two, AsyncNetworking))
  })

  it('an end does not end what was subscribed by another with the same id', (net) => {
    const link = net.links(1)[0]!
    const { host } = link
    const self = addEntity(host)
    const endFormer = onNetworking(host, self, () => undefined)
    removeEntity(host, self)
    assert.is(addEntity(host), self)
    const log = logOf(host, self)
    endFormer()
    round([link])
    assert.is(heard(log), '0')
  })

  it('refuses what is no socket and what is no option', (net) => {
    const { host, accepted } = net.links(1)[0]!
    const self = addEntity(host)
    const call = (options: object) => () => onNetworking(host, self, () => undefined, options)
    assert.throws(call({ from: self }), /onNetworking: from must be a socket, or several, got \d+/)
    assert.throws(
      call({ from: [accepted, -6] }),
      /from must be a socket, or several, got an array of 2/,
    )
    assert.throws(call({ from: [] }), /from must be a socket, or several, got an array of 0/)
    assert.throws(call({ from: 'all' }), /from must be a socket, or several, got "all"/)
    assert.throws(call({ form: accepted }), /there is no option "form"; did you mean "from"/)
    assert.not.ok(hasComponent(host, self, AsyncNetworking))
  })

  it('on a server covers connect, data and disconnect of all it accepts, and nothing of others', (net) => {
    const host = net.world()
    const [one, two] = [net.serverIn(host), net.serverIn(host)]
    const log = logOf(host, one)
    const a = net.link(host, one)
    const b = net.link(host, two)
    round([a, b])
    destroySocket(a.guest, a.client)
    destroySocket(b.guest, b.client)
    NetworkSystem(host)
    assert.equal(log, [`connect ${a.accepted}`, `data ${a.accepted} 0`, `disconnect ${a.accepted}`])
  })

  it('by a handler in the connect event gets the data of the same tick', (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    const logs: string[][] = []
    const welcomer = addEntity(host)
    const welcome: NetworkingHandler = (world, _self, load) => {
      if (!('socket' in load) || load.succeeded === 0) return
      const log: string[] = []
      logs.push(log)
      onNetworking(world, load.socket, (_world, _me, own) => void log.push(lineOf(own)))
    }
    onNetworking(host, welcomer, welcome, { from: server })
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

  it('the subscription of a socket ends with it', (net) => {
    const links = three(net)
    const { host } = links[0]
    const own = links.map(({ accepted }) => logOf(host, accepted))
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

  it('from a socket that is removed: the subscription ends, also when another takes the id', (net) => {
    const links = three(net)
    const { host, server } = links[0]
    const self = addEntity(host)
    const log = logOf(host, self, { from: links[1].accepted })
    removeEntity(host, links[1].accepted)
    assert.not.ok(hasComponent(host, self, AsyncNetworking))
    const heir = net.link(host, server)
    assert.is(heir.accepted, links[1].accepted)
    assert.is(AsyncNetworking(host).subscriptions[self], undefined)
    round([links[0], heir, links[2]])
    assert.equal(log, [])
  })

  it('from two sockets of which one is removed: the id of that one is not followed', (net) => {
    const links = three(net)
    const { host, server } = links[0]
    const link = net.link(host, server)
    const self = addEntity(host)
    const log = logOf(host, self, { from: [links[2].accepted, link.accepted] })
    removeEntity(host, link.accepted)
    assert.ok(hasComponent(host, self, AsyncNetworking))
    const heir = net.link(host, server)
    assert.is(heir.accepted, link.accepted)
    round([links[0], heir, links[2]])
    assert.is(heard(log), '2')
  })

  it('from a server ends with the server', (net) => {
    const links = three(net)
    const { host, server } = links[0]
    const self = addEntity(host)
    const log = logOf(host, self, { from: server })
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
    const join = (name: string, from?: number) =>
      onNetworking(
        host,
        addEntity(host),
        () => void calls.push(name),
        from === undefined ? {} : { from },
      )
    join('general 1')
    const endSecond = join('own 2', links[0].accepted)
    join('server 3', server)
    join('other 4', links[1].accepted)
    join('general 5')
    join('own 6', links[0].accepted)
    round([links[0]])
    assert.equal(calls.splice(0), ['general 1', 'own 2', 'server 3', 'general 5', 'own 6'])
    endSecond()
    round([links[0]])
    assert.equal(calls.splice(0), ['general 1', 'server 3', 'general 5', 'own 6'])
  })

  it('in one world says nothing of the same ids in another', (net) => {
    const one = three(net)
    const two = three(net)
    assert.equal(
      one.map(({ accepted }) => accepted),
      two.map(({ accepted }) => accepted),
    )
    const self = addEntity(one[0].host)
    const other = addEntity(two[0].host)
    assert.is(self, other)
    const log = logOf(one[0].host, self, { from: one[1].accepted })
    const otherLog = logOf(two[0].host, other)
    round(one)
    round(two)
    assert.is(heard(log), '1')
    assert.is(heard(otherLog), '0 1 2')
  })

  it('1,000 subscribers hear only their own sockets, also when half of them have gone', (net) => {
    const links = net.links(1_000)
    const { host, server } = links[0]!
    const logs = links.map(({ accepted }) => logOf(host, addEntity(host), { from: accepted }))
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
