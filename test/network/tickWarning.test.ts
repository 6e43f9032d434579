import { closeNetwork, createServer, NetworkSystem, SocketType } from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { HandTransport } from '../lib/HandTransport.ts'
import { memorySpec } from '../lib/netSpec.ts'
import { turns } from '../lib/until.ts'

const bytes = Uint8Array.of(1, 2, 3)

memorySpec('events wait and no tick takes them', (it) => {
  it('is warned of after 5 s, with how many wait and what to call', async (net) => {
    const transport = new HandTransport()
    createServer(net.world(), transport, 0, { raw: true })
    const { events } = transport.accept()
    events.received(bytes.slice())
    net.clock.advance(4_800)
    await turns(1)
    assert.equal(net.warnings, [])
    net.clock.advance(300)
    await turns(1)
    assert.is(net.warnings.length, 1)
    assert.match(net.warnings[0]!, /^bitecs-networking: 2 events wait: NetworkSystem\(world\)/)
    assert.is(net.clock.pendingTimers, 0)
  })

  it('is not warned of when the network is closed meanwhile, and leaves no timer', async (net) => {
    const transport = new HandTransport()
    const world = net.world()
    createServer(world, transport, 0, { raw: true })
    transport.accept().events.received(bytes.slice())
    closeNetwork(world)
    assert.is(net.clock.pendingTimers, 0)
    net.clock.advance(6_000)
    await turns(1)
    assert.equal(net.warnings, [])
  })

  it('is warned of once a minute at most, and again when ticks stop again', async (net) => {
    const transport = new HandTransport()
    const world = net.world()
    createServer(world, transport, 0, { raw: true })
    const { events } = transport.accept()
    const stop = async (): Promise<void> => {
      events.received(bytes.slice())
      net.clock.advance(6_000)
      await turns(1)
      NetworkSystem(world)
    }
    await stop()
    for (let count = 0; count < 8; count++) await stop()
    assert.is(net.warnings.length, 1)
    net.clock.advance(12_000)
    await stop()
    assert.is(net.warnings.length, 2)
  })

  it('is not warned of while ticks run, however slowly, and leaves no timer when nothing waits', async (net) => {
    const transport = new HandTransport()
    const world = net.world({ eventsPerTickMax: 1 })
    createServer(world, transport, 0, { raw: true })
    const { events } = transport.accept()
    for (let count = 0; count < 20; count++) events.received(bytes.slice())
    for (let count = 0; count < 30; count++) {
      net.clock.advance(4_000)
      await turns(1)
      NetworkSystem(world)
    }
    assert.equal(net.warnings, [])
    net.clock.advance(10_000)
    assert.is(net.clock.pendingTimers, 0)
  })
})

memorySpec('a world of which nobody has heard anything', (it) => {
  it('is not waited for', async (net) => {
    createServer(net.world(), SocketType.tcp, 0, { host: '127.0.0.1' })
    net.clock.advance(60_000)
    await turns(1)
    assert.equal(net.warnings, [])
  })
})
