// Who may join, what that comes to, and how it ends.

import {
  addComponent,
  createWorld,
  hasComponent,
  query,
  removeComponent,
  removeEntity,
  resetWorld,
} from 'bitecs'
import {
  closeNetwork,
  createServer,
  createSocket,
  destroySocket,
  NetworkError,
  NetworkSystem,
  sendPacket,
  setNetworkConfig,
  SocketType,
} from 'bitecs-networking'
import {
  i16,
  joinReplication,
  Joined,
  OwnedBy,
  Remote,
  replicate,
  Replication,
  ReplicationSystem,
  serveReplication,
  u16,
} from 'bitecs-networking/replication'
import * as assert from 'uvu/assert'
import { networkOf } from '../../src/network/networkOf.ts'
import { memorySpec } from '../lib/netSpec.ts'
import { recordEvents } from '../lib/recordEvents.ts'
import { clientsOf } from '../lib/sockets.ts'
import { spec } from '../spec.ts'
import { createHueGame, type HueWorld, huesIn, spawnHue } from './hueGame.ts'
import { Troupe } from './Troupe.ts'

const createOther = (): HueWorld => {
  const world = createWorld({ Hue: [] as number[] })
  replicate(world, { Hue: [world.Hue, i16] })
  return world
}

/** Lets promises settle. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

spec('joining', (it) => {
  it(
    'gives the socket, once the server has answered, and again at once',
    Troupe.with(createHueGame, async (troupe) => {
      const guest = troupe.join()
      await settled()
      assert.is(guest.outcome, guest.socket)
      assert.is(await joinReplication(guest.world, guest.socket), guest.socket)
      assert.ok(hasComponent(troupe.host, guest.accepted, Joined))
    }),
  )

  it(
    'fails where the declarations differ, with one warning that names the difference',
    Troupe.with(createHueGame, async (troupe) => {
      const guest = troupe.connect(troupe.guest(troupe.world(createOther())))
      troupe.hello(guest)
      troupe.pass(5)
      await settled()
      assert.is(guest.outcome, NetworkError.schemaMismatch)
      assert.equal(troupe.warnings, [
        'bitecs-networking: replication: Hue is i16 here and u16 at the server',
      ])
      assert.not.ok(hasComponent(guest.world, guest.socket, Joined))
      // Within a second it is not asked again.
      troupe.hello(guest)
      troupe.pass(5)
      await settled()
      assert.is(guest.outcome, undefined)
      troupe.pass(5_000)
      await settled()
      assert.is(guest.outcome, NetworkError.timedOut)
    }),
  )

  it(
    'times out with a server that does not know of it, which has the packet as an event',
    Troupe.with(createHueGame, async (troupe) => {
      const guest = troupe.connect()
      networkOf('test', troupe.host).sockets.get(troupe.server)!.claim = undefined
      const events = recordEvents(troupe.host)
      troupe.hello(guest)
      troupe.pass(5)
      assert.is(events.length, 1)
      troupe.pass(5_000)
      await settled()
      assert.is(guest.outcome, NetworkError.timedOut)
    }),
  )

  it(
    'ends with the connection while it waits',
    Troupe.with(createHueGame, async (troupe) => {
      const guest = troupe.connect()
      troupe.hello(guest)
      destroySocket(troupe.host, guest.accepted)
      troupe.pass(5)
      await settled()
      assert.is(guest.outcome, NetworkError.connectionClosed)
    }),
  )

  it('fails at once for what cannot join', async () => {
    const world = createHueGame()
    const warnings: string[] = []
    setNetworkConfig(world, { warn: (message) => void warnings.push(message) })
    try {
      const udp = createServer(world, SocketType.udp, 0)
      const raw = createServer(world, SocketType.tcp, 0, { raw: true })
      const tcp = createServer(world, SocketType.tcp, 0)
      const client = createSocket(world, SocketType.tcp)
      assert.is(serveReplication(world, udp), NetworkError.unsupported)
      assert.is(serveReplication(world, raw), NetworkError.unsupported)
      await Promise.resolve()
      assert.match(warnings.join(), /serveReplication: UDP and raw TCP do not carry replication/)
      assert.is(serveReplication(world, client), NetworkError.wrongRole)
      assert.is(serveReplication(world, 999), NetworkError.unknownSocket)
      assert.is(serveReplication(world, tcp), tcp)
      assert.is(await joinReplication(world, udp), NetworkError.unsupported)
      assert.is(await joinReplication(world, tcp), NetworkError.wrongRole)
      assert.is(await joinReplication(world, 999), NetworkError.unknownSocket)
      assert.is(await joinReplication(world, client), NetworkError.notConnected)
      assert.throws(
        () => joinReplication(world, -1),
        /joinReplication: socket must be a client socket, got -1, NetworkError.general/,
      )
      assert.throws(
        () => serveReplication(world, -2),
        /serveReplication: server must be a server, got -2, NetworkError.portUnavailable/,
      )
      assert.throws(
        () => serveReplication(world, tcp, { hertz: 1 } as object),
        /there is no option "hertz"; did you mean "hz"\?/,
      )
      assert.throws(
        () => serveReplication(world, tcp, { history: 1 }),
        /history must be an integer in 2..32, got 1/,
      )
      assert.throws(
        () => serveReplication(createWorld(), 1),
        /serveReplication: call replicate\(world, …\) first/,
      )
    } finally {
      closeNetwork(world)
    }
  })
})

spec('a session', (it) => {
  it(
    'keeps the replicas when the connection is lost, and has the server state when it is back',
    Troupe.with(createHueGame, (troupe) => {
      const guest = troupe.join()
      const [a, b] = [spawnHue(troupe.host, 1), spawnHue(troupe.host, 2)]
      addComponent(troupe.host, a, OwnedBy(guest.accepted))
      troupe.snapshot()
      const before = [...query(guest.world, [Remote])]
      destroySocket(troupe.host, guest.accepted)
      troupe.pass(5)
      assert.not.ok(hasComponent(guest.world, guest.socket, Joined))
      assert.equal(huesIn(guest.world), [1, 2])
      removeEntity(troupe.host, b)
      troupe.host.Hue[a] = 3
      spawnHue(troupe.host, 4)
      // Another socket of the same world.
      const old = guest.socket
      guest.socket = createSocket(guest.world, SocketType.tcp)
      troupe.join(guest)
      assert.equal(huesIn(guest.world), [1, 2])
      troupe.snapshot()
      assert.equal(huesIn(guest.world), [3, 4])
      const kept = before.find((entity) => guest.world.Hue[entity] === 3)!
      assert.ok(hasComponent(guest.world, kept, Remote))
      assert.not.ok(hasComponent(guest.world, kept, OwnedBy(old)))
      assert.not.ok(hasComponent(guest.world, kept, OwnedBy(guest.socket)))
      addComponent(troupe.host, a, OwnedBy(guest.accepted))
      troupe.snapshot()
      assert.ok(hasComponent(guest.world, kept, OwnedBy(guest.socket)))
    }),
  )

  it(
    'ends where Joined is removed, on both sides, and can begin again',
    Troupe.with(createHueGame, (troupe) => {
      const [one, two] = [troupe.join(), troupe.join()]
      spawnHue(troupe.host, 1)
      troupe.snapshot()
      removeComponent(one.world, one.socket, Joined)
      removeComponent(troupe.host, two.accepted, Joined)
      troupe.pass(3)
      for (const { world, socket, accepted } of [one, two]) {
        assert.not.ok(hasComponent(world, socket, Joined))
        assert.not.ok(hasComponent(troupe.host, accepted, Joined))
      }
      spawnHue(troupe.host, 2)
      troupe.snapshot()
      assert.equal(huesIn(one.world), [1])
      troupe.pass(1_000)
      troupe.hello(one)
      troupe.pass(3)
      troupe.snapshot()
      assert.equal(huesIn(one.world), [1, 2])
      assert.equal(huesIn(two.world), [1])
    }),
  )

  it(
    'ends when either world is reset',
    Troupe.with(createHueGame, (troupe) => {
      const [one, two] = [troupe.join(), troupe.join()]
      spawnHue(troupe.host, 1)
      troupe.snapshot()
      resetWorld(one.world)
      troupe.pass(5)
      assert.is(query(troupe.host, [Joined]).length, 1)
      assert.throws(() => ReplicationSystem(one.world), /call replicate/)
      resetWorld(troupe.host)
      replicate(troupe.host, { Hue: [troupe.host.Hue, u16] })
      troupe.pass(5)
      assert.not.ok(hasComponent(two.world, two.socket, Joined))
      assert.equal(huesIn(two.world), [1])
    }),
  )

  it(
    'knows how long the way is',
    Troupe.with(
      createHueGame,
      (troupe) => {
        const { world, socket, accepted } = troupe.join()
        spawnHue(troupe.host, 1)
        for (let count = 0; count < 20; count++) troupe.snapshot(60)
        const [there, here] = [Replication(troupe.host), Replication(world)]
        assert.ok(Math.abs(there.rtt[accepted]! - 100) < 6, `server: ${there.rtt[accepted]}`)
        assert.ok(Math.abs(here.rtt[socket]! - 100) < 6, `client: ${here.rtt[socket]}`)
        assert.is(there.snapshotsOut[accepted], here.snapshotsIn[socket])
        assert.is(there.bytesOut[accepted], here.bytesIn[socket])
        assert.is(here.tick[socket], 20)
      },
      { conditions: { latencyMs: 50 } },
    ),
  )
})

memorySpec('sockets that do not replicate', (it) => {
  it('see none of it: the same events as without', async (net) => {
    const log = async (serves: boolean): Promise<string> => {
      const host = createHueGame()
      net.world({}, host)
      const server = net.serverIn(host)
      if (serves) serveReplication(host, server)
      const events = recordEvents(host)
      const player = net.link(host, server)
      const joiner = net.link(host, server, net.world({}, createHueGame()))
      if (serves) void joinReplication(joiner.guest, joiner.client)
      const seen = recordEvents(player.guest)
      for (let count = 0; count < 5; count++) {
        spawnHue(host, count)
        sendPacket(player.guest, player.client, Buffer.from([count]))
        sendPacket(joiner.guest, joiner.client, Buffer.from([count, 1]))
        sendPacket(host, player.accepted, Buffer.from([count, 2]))
        for (const world of [player.guest, joiner.guest, host]) NetworkSystem(world)
        ReplicationSystem(host)
        ReplicationSystem(joiner.guest)
        await settled()
      }
      for (const world of [player.guest, joiner.guest, host]) NetworkSystem(world)
      if (serves) {
        assert.is(query(joiner.guest, [Remote]).length, 5)
        assert.equal([...query(host, [Joined])], [joiner.accepted])
      }
      // Ports differ from one run to the next.
      const plain = (event: (typeof events)[number]): object => ({ ...event, port: 0 })
      return JSON.stringify([events.map(plain), seen.map(plain), clientsOf(host, server).length])
    }
    const [without, withIt] = [await log(false), await log(true)]
    assert.is(withIt, without)
  })

  it('are connected without replication, though the world serves it', async (net) => {
    const host = net.world({}, createHueGame())
    const server = net.serverIn(host)
    serveReplication(host, server)
    const { guest, client } = net.link(host, server)
    const events = recordEvents(guest)
    for (let count = 0; count < 3; count++) {
      ReplicationSystem(host)
      NetworkSystem(guest)
    }
    assert.equal(events, [])
    assert.throws(() => joinReplication(guest, client), /joinReplication: call replicate/)
  })
})
