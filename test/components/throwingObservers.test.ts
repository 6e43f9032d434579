import { addComponent, createWorld, observe, onRemove, query } from 'bitecs'
import {
  AcceptedBy,
  closeNetwork,
  Connected,
  destroySocket,
  Disconnected,
  NetworkSystem,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { logOf } from '../lib/recordEvents.ts'
import { thrownBy } from '../lib/throws.ts'

/** A world whose component `Player` has an observer that throws, older than the network. */
function worldThatThrows(): { host: object; Player: object } {
  const host = createWorld()
  const Player = {}
  observe(host, onRemove(Player), () => {
    throw new RangeError('of an observer')
  })
  return { host, Player }
}

memorySpec('observers that throw while a socket is removed', (it) => {
  it('keep no place of a client that has gone: the next can connect', (net) => {
    const { host, Player } = worldThatThrows()
    net.world({}, host)
    const server = net.serverIn(host, { maxClients: 1 })
    const { accepted, guest, client } = net.link(host, server)
    addComponent(host, accepted, Player)
    const log = logOf(host)
    destroySocket(guest, client)
    assert.instance(
      thrownBy(() => NetworkSystem(host)),
      RangeError,
    )
    assert.equal(log, [`disconnect ${accepted}`])
    net.clientIn(guest, host, server)
    NetworkSystem(guest)
    NetworkSystem(host)
    assert.is(query(guest, [Connected]).length, 1)
    assert.is(log.length, 2)
  })

  it('keep no connection open that was destroyed', (net) => {
    const { host, Player } = worldThatThrows()
    net.world({}, host)
    const { accepted, guest } = net.link(host, net.serverIn(host))
    addComponent(host, accepted, Player)
    assert.instance(
      thrownBy(() => destroySocket(host, accepted)),
      RangeError,
    )
    NetworkSystem(guest)
    assert.is(query(guest, [Disconnected]).length, 1)
  })

  it('keep nothing open after closeNetwork', (net) => {
    const { host, Player } = worldThatThrows()
    net.world({}, host)
    const servers = [net.serverIn(host), net.serverIn(host), net.serverIn(host)]
    const links = servers.map((server) => net.link(host, server))
    for (const entity of query(host, [Socket])) addComponent(host, entity, Player)
    assert.instance(
      thrownBy(() => closeNetwork(host)),
      AggregateError,
    )
    for (const { guest } of links) {
      NetworkSystem(guest)
      assert.is(query(guest, [Disconnected]).length, 1)
    }
    for (const server of servers) assert.is(query(host, [Connected, AcceptedBy(server)]).length, 0)
  })
})
