import { entityExists, hasComponent, query, removeEntity } from 'bitecs'
import {
  AcceptedBy,
  Connected,
  destroySocket,
  Disconnected,
  NetworkSystem,
  onNetworking,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { logOf } from '../lib/recordEvents.ts'
import { sorted } from '../lib/sockets.ts'

memorySpec('AcceptedBy', (it) => {
  it('finds the clients of each server', (net) => {
    const host = net.world()
    const [one, two] = [net.serverIn(host), net.serverIn(host)]
    const ofOne = [net.link(host, one), net.link(host, one)].map(({ accepted }) => accepted)
    const ofTwo = [net.link(host, two).accepted]
    assert.equal([...query(host, [Socket, Connected, AcceptedBy(one)])], ofOne)
    assert.equal([...query(host, [Socket, Connected, AcceptedBy(two)])], ofTwo)
    assert.is(Socket(host).server[ofTwo[0]!], two)
  })

  for (const [name, remove] of [
    ['removeEntity', removeEntity],
    ['destroySocket', destroySocket],
  ] as const)
    it(`${name} of a server removes its clients, without events, and closes them`, (net) => {
      const host = net.world()
      const [one, two] = [net.serverIn(host), net.serverIn(host)]
      const links = Array.from({ length: 20 }, () => net.link(host, one))
      const other = net.link(host, two)
      const log = logOf(host)
      remove(host, one)
      for (const { accepted } of links) assert.not.ok(entityExists(host, accepted))
      assert.equal(sorted(query(host, [Socket])), sorted([two, other.accepted]))
      NetworkSystem(host)
      assert.equal(log, [])
      for (const { guest, client } of links) {
        NetworkSystem(guest)
        assert.ok(hasComponent(guest, client, Disconnected))
      }
      NetworkSystem(other.guest)
      assert.ok(hasComponent(other.guest, other.client, Connected))
    })

  it('removeEntity of a server closes clients whose connect event has not come yet', (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    const guest = net.world()
    const client = net.clientIn(guest, host, server)
    NetworkSystem(guest)
    assert.ok(hasComponent(guest, client, Connected))
    removeEntity(host, server)
    const log = logOf(host)
    NetworkSystem(host)
    assert.equal(log, [])
    NetworkSystem(guest)
    assert.ok(hasComponent(guest, client, Disconnected))
  })

  it('of a server that is removed: no event of a connection that came and ended before a tick', (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    const guest = net.world()
    const client = net.clientIn(guest, host, server)
    destroySocket(guest, client)
    const log = logOf(host)
    destroySocket(host, server)
    NetworkSystem(host)
    assert.equal(log, [])
    assert.is(query(host, [Socket]).length, 0)
  })

  it('clients that had subscribed to their server go with it too', (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    const { accepted, guest, client } = net.link(host, server)
    const end = onNetworking(host, accepted, () => undefined, { from: server })
    onNetworking(host, accepted, () => undefined, { from: server })
    end()
    removeEntity(host, server)
    assert.is(query(host, [Socket]).length, 0)
    assert.not.ok(entityExists(host, accepted))
    NetworkSystem(guest)
    assert.ok(hasComponent(guest, client, Disconnected))
  })

  it('a server that takes the id of a former one has none of its clients', (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    net.link(host, server)
    destroySocket(host, server)
    let again = -1
    for (let index = 0; index < 3 && again !== server; index++) again = net.serverIn(host)
    assert.is(again, server)
    assert.is(query(host, [AcceptedBy(again)]).length, 0)
    const link = net.link(host, again)
    assert.equal([...query(host, [AcceptedBy(again)])], [link.accepted])
  })
})
