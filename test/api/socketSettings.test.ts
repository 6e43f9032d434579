import { query } from 'bitecs'
import {
  AcceptedBy,
  connectSocket,
  createMemoryDatagrams,
  createServer,
  createSocket,
  destroySocket,
  NetworkError,
  NetworkSystem,
  sendUdp,
  setNetworkConfig,
  setSocketTimeout,
  Socket,
  type SocketConfig,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { answer, helloPacket } from '../lib/gameMaker.ts'
import { hexBytes } from '../lib/HandTransport.ts'
import { throws } from '../lib/throws.ts'
import { turns } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { Hand, holds, holdsNot, settings } from './settingProbes.ts'

/** All settings but one, with a wrong value for that one. */
function allButOne(wrongOne: string): SocketConfig {
  const configs = Object.values(settings).map(({ config }) => config)
  return Object.assign({}, ...configs, settings[wrongOne]!.wrong) as SocketConfig
}

for (const [name, setting] of Object.entries(settings)) {
  spec(`${name} of a client`, (it) => {
    it('is not set at first', () => {
      const net = new Hand()
      holdsNot(net, setting, net.connect(net.client()))
    })

    it('holds when set before it connects', () => {
      const net = new Hand()
      const client = net.client()
      net.set(client, setting.config)
      holds(net, setting, net.connect(client))
    })

    it('holds when set while it is connected', () => {
      const net = new Hand()
      const live = net.connect(net.client())
      net.set(live.entity, setting.config)
      holds(net, setting, live)
    })

    it('is kept when it connects again, and again', () => {
      const net = new Hand()
      const live = net.connect(net.client())
      net.set(live.entity, setting.config)
      net.lose(live)
      const next = net.connect(live.entity)
      net.lose(next)
      holds(net, setting, net.connect(live.entity))
    })

    it('is kept when a connection could not be made', () => {
      const net = new Hand()
      const client = net.client()
      net.set(client, setting.config)
      void connectSocket(net.world, client, 'peer', 7)
      net.transport.client!.events.failed(NetworkError.refused)
      NetworkSystem(net.world)
      holds(net, setting, net.connect(client))
    })

    it('holds when set between two connections', () => {
      const net = new Hand()
      const live = net.connect(net.client())
      net.lose(live)
      net.set(live.entity, setting.config)
      holds(net, setting, net.connect(live.entity))
    })

    it('set on the second connection, it can be set back on the third', () => {
      const net = new Hand()
      const live = net.connect(net.client())
      net.lose(live)
      net.set(live.entity, setting.config)
      net.lose(net.connect(live.entity))
      net.set(live.entity, setting.former)
      holdsNot(net, setting, net.connect(live.entity))
    })

    it('is its own: another client does not have it', () => {
      const net = new Hand()
      net.set(net.client(), setting.config)
      holdsNot(net, setting, net.connect(net.client()))
    })

    it('undefined changes nothing', () => {
      const net = new Hand()
      const live = net.connect(net.client())
      net.set(live.entity, setting.config)
      net.set(live.entity, { [name]: undefined })
      holds(net, setting, live)
    })
  })

  spec(`${name} of an accepted socket`, (it) => {
    it('holds when set, and for no other of its server', () => {
      const net = new Hand()
      const server = net.server()
      const [one, two] = [net.accept(server), net.accept(server)]
      net.set(one.entity, setting.config)
      holds(net, setting, one)
      holdsNot(net, setting, two)
    })

    it('undefined changes nothing', () => {
      const net = new Hand()
      const live = net.accept(net.server())
      net.set(live.entity, setting.config)
      net.set(live.entity, { [name]: undefined })
      holds(net, setting, live)
    })
  })

  spec(`${name} of a server`, (it) => {
    it('holds for those that it accepts from now on, and not for those that are there', () => {
      const net = new Hand()
      const server = net.server()
      const before = net.accept(server)
      const shaking = net.transport.accept()
      net.set(server, setting.config)
      const after = net.accept(server)
      shaking.events.received(hexBytes(answer))
      NetworkSystem(net.world)
      const late = query(net.world, [Socket, AcceptedBy(server)]).at(-1)!
      holds(net, setting, after)
      holdsNot(net, setting, before)
      holdsNot(net, setting, { world: net.world, entity: late, end: shaking })
    })

    it('what an accepted socket sets for itself is not set for the next', () => {
      const net = new Hand()
      const server = net.server()
      net.set(net.accept(server).entity, setting.config)
      holdsNot(net, setting, net.accept(server))
    })

    it('undefined changes nothing', () => {
      const net = new Hand()
      const server = net.server()
      net.set(server, setting.config)
      net.set(server, { [name]: undefined })
      holds(net, setting, net.accept(server))
    })
  })

  spec(`${name} with a wrong value`, (it) => {
    for (const role of ['client', 'accepted', 'server'] as const)
      it(`changes nothing of a ${role}`, () => {
        for (const other of Object.values(settings)) {
          const net = new Hand()
          const target = role === 'client' ? net.client() : net.server()
          let live = role === 'accepted' ? net.accept(target) : undefined
          for (const config of [allButOne(name), { ...allButOne(name), unheardOf: 1 }])
            throws(
              () => setNetworkConfig(net.world, live?.entity ?? target, config),
              Error,
              /^setNetworkConfig: /,
            )
          live ??= role === 'client' ? net.connect(target) : net.accept(target)
          holdsNot(net, other, live)
        }
      })
  })

  spec(`${name} of a UDP socket`, (it) => {
    for (const role of ['client', 'server'] as const)
      it(`is unsupported on a ${role}, and nothing beside it is changed`, async () => {
        const { world, clock } = new Hand()
        const datagrams = createMemoryDatagrams({ deliver() {} })
        const socket =
          role === 'client' ? createSocket(world, datagrams) : createServer(world, datagrams, 6_510)
        const config = { ...setting.config, reliable: true }
        assert.is(setNetworkConfig(world, socket, config), NetworkError.unsupported)
        assert.ok(sendUdp(world, socket, '127.0.0.1', 6_511, hexBytes('01')) > 0)
        await turns(1)
        assert.is(clock.pendingTimers, 0, 'nothing is repeated')
        assert.is(setNetworkConfig(world, socket, { [name]: undefined, reliable: true }), 0)
        assert.ok(sendUdp(world, socket, '127.0.0.1', 6_511, hexBytes('01')) > 0)
        await turns(1)
        assert.is(clock.pendingTimers, 2, 'one repeats it, one counts the time of its limits')
        destroySocket(world, socket)
        assert.is(clock.pendingTimers, 0)
      })
  })
}

spec('socket settings :: together', (it) => {
  it('reliable and multicast are unsupported on connections and servers, with nothing changed', () => {
    for (const extra of [{ reliable: true }, { multicast: true }, { reliable: false }])
      for (const [, setting] of Object.entries(settings)) {
        const net = new Hand()
        const server = net.server()
        const { entity } = net.connect(net.client())
        const live = net.accept(server)
        const config = { ...setting.config, ...extra }
        for (const target of [server, entity, live.entity])
          assert.is(setNetworkConfig(net.world, target, config), NetworkError.unsupported)
        holdsNot(net, setting, live)
      }
  })

  it('setSocketTimeout is a name for both time limits', () => {
    for (const name of ['readTimeoutMs', 'writeStallMs'] as const) {
      const net = new Hand()
      const live = net.connect(net.client())
      assert.is(setSocketTimeout(net.world, live.entity, 1_000, 1_000), 0)
      net.lose(live)
      holds(net, settings[name]!, net.connect(live.entity))
      const again = new Hand()
      const other = again.connect(again.client())
      assert.is(setSocketTimeout(again.world, other.entity, 1_000, 1_000), 0)
      again.set(other.entity, settings[name]!.former)
      holdsNot(again, settings[name]!, other)
    }
  })

  it("a server's clients have the world's write limit of the moment, unless it has its own", () => {
    const setting = settings['writeStallMs']!
    const net = new Hand()
    const server = net.server()
    const before = net.accept(server)
    setNetworkConfig(net.world, { writeStallMs: 1_000 })
    const after = net.accept(server)
    net.set(server, { writeStallMs: 2_000 })
    const own = net.accept(server)
    holdsNot(net, setting, before)
    holds(net, setting, after)
    holdsNot(net, setting, own)
    net.pass(net.world, 1_000)
    assert.is(own.end.connection.ended, 'reset')
  })

  it('a packet that has begun is held against a limit that is set while it waits', () => {
    const net = new Hand()
    const live = net.connect(net.client())
    live.end.events.received(hexBytes(helloPacket.slice(0, 26)))
    net.pass(net.world, 60_000)
    net.set(live.entity, { readTimeoutMs: 1_000 })
    net.pass(net.world, 999)
    assert.is(live.end.connection.ended, '')
    net.pass(net.world, 1)
    assert.is(live.end.connection.ended, 'reset')
  })
})
