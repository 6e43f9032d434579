import { addEntity } from 'bitecs'
import {
  createMemoryDatagrams,
  createSocket,
  destroySocket,
  NetworkError,
  NetworkSystem,
  sendPacket,
  sendUdp,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { turns } from '../lib/until.ts'

memorySpec('a warning of a wrong target', (it) => {
  it('comes once a minute, also for one of several targets', async (net) => {
    const { host, server, accepted } = net.links(1)[0]!
    assert.is(sendPacket(host, server, 'x'), NetworkError.wrongRole)
    assert.is(sendPacket(host, [accepted, server], 'x'), 1)
    await turns(1)
    assert.is(net.warnings.length, 1)
    assert.match(net.warnings[0]!, `socket ${server} is a server`)
    net.clock.advance(60_000)
    assert.is(sendPacket(host, [server], 'x'), 0)
    await turns(1)
    assert.is(net.warnings.filter((text) => text.includes('is a server')).length, 2)
  })

  it('names the error that was taken for a socket', async (net) => {
    const world = net.world()
    assert.is(sendPacket(world, NetworkError.unsupported, 'x'), NetworkError.unknownSocket)
    assert.is(sendUdp(world, NetworkError.portUnavailable, 'x', 1, 'x'), NetworkError.unknownSocket)
    await turns(1)
    const [first, second] = net.warnings
    assert.match(first!, 'sendPacket: nothing was done, -4 is NetworkError.unsupported')
    assert.match(second!, 'sendUdp: nothing was done, -2 is NetworkError.portUnavailable')
  })

  it('does not come for a socket that is gone, or for other entities', async (net) => {
    const { host, accepted } = net.links(1)[0]!
    destroySocket(host, accepted)
    for (const entity of [accepted, addEntity(host), -1_000])
      assert.is(sendPacket(host, entity, 'x'), NetworkError.unknownSocket)
    const udp = createSocket(host, createMemoryDatagrams())
    destroySocket(host, udp)
    assert.is(sendUdp(host, udp, '127.0.0.1', 1, 'x'), NetworkError.unknownSocket)
    await turns(1)
    assert.equal(net.warnings, [])
  })

  it('does not come for a connection that has ended', async (net) => {
    const { host, guest, client, accepted } = net.links(1)[0]!
    destroySocket(host, accepted)
    NetworkSystem(guest)
    assert.is(sendPacket(guest, client, 'x'), NetworkError.notConnected)
    await turns(1)
    assert.equal(net.warnings, [])
  })
})
