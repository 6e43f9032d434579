import {
  addEntity,
  createEntityIndex,
  createWorld,
  deleteWorld,
  entityExists,
  type EntityId,
  hasComponent,
  query,
  removeEntity,
  resetWorld,
  withVersioning,
  type World,
} from 'bitecs'
import {
  AcceptedBy,
  closeNetwork,
  Connected,
  connectSocket,
  createMemoryTransport,
  createServer,
  createSocket,
  destroySocket,
  Disconnected,
  flushNetwork,
  NetworkError,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { spec } from '../spec.ts'
import { turns, until } from '../lib/until.ts'
import { mulberry32 } from '../lib/random.ts'
import { type Link, type TestNet } from '../lib/TestNet.ts'
import { logOf, onEach, textOf } from '../lib/recordEvents.ts'
import { say } from '../lib/say.ts'
import { portOf } from '../lib/sockets.ts'

memorySpec('worlds :: resetWorld and deleteWorld', (it) => {
  it('resetWorld closes the sockets at the next use; nothing of the former world is heard in the new', (net) => {
    const links = net.links(3)
    const { host } = links[0]!
    const old = logOf(host)
    for (const { guest, client } of links) {
      say(guest, client, 'queued')
      flushNetwork(guest)
    }
    resetWorld(host)
    NetworkSystem(host)
    for (const { guest, client } of links) {
      NetworkSystem(guest)
      assert.ok(hasComponent(guest, client, Disconnected))
    }
    assert.is(query(host, [Socket]).length, 0)

    const server = net.serverIn(host)
    assert.is(server, 1, 'ids begin anew')
    const log = logOf(host)
    const link = net.link(host, server)
    say(link.guest, link.client, 'new')
    flushNetwork(link.guest)
    NetworkSystem(host)
    assert.equal(log, [`connect ${link.accepted}`, `data ${link.accepted} new`])
    assert.equal(old, [])
    assert.is(Socket(host).packetsIn[link.accepted], 1)
  })

  it('what arrives for a world that was reset ends its connection and reaches nobody', (net) => {
    const [a, b] = net.links(2)
    const { host } = a!
    const old = logOf(host)
    resetWorld(host)
    say(a!.guest, a!.client, 'late')
    flushNetwork(a!.guest)
    NetworkSystem(a!.guest)
    NetworkSystem(b!.guest)
    for (const { guest, client } of [a!, b!]) assert.ok(hasComponent(guest, client, Disconnected))
    NetworkSystem(host)
    assert.equal(old, [])
  })

  it('a world that is reset gives its port free', (net) => {
    const [a] = net.links(1)
    const { host, server } = a!
    const port = portOf(host, server)
    resetWorld(host)
    assert.ok(createServer(host, net.transport, port) > 0)
  })

  it('a world that is reset keeps no settings and no subscribers', (net) => {
    const host = net.world({ eventsPerSocketMax: 1 })
    const before = logOf(host)
    resetWorld(host)
    setNetworkConfig(host, { clock: net.clock })
    const link = net.link(host, net.serverIn(host))
    assert.equal(before, [])
    let count = 0
    onEach(host, () => count++)
    for (let index = 0; index < 5; index++) say(link.guest, link.client, 'x')
    flushNetwork(link.guest)
    NetworkSystem(host)
    assert.is(count, 5)
    assert.equal(before, [])
  })

  it('deleteWorld: the next use throws, says why, and closes what was open', (net) => {
    const [a] = net.links(1)
    const { host, guest, client } = a!
    const port = portOf(host, a!.server)
    deleteWorld(host)
    assert.throws(() => NetworkSystem(host), /NetworkSystem: world must be .*not deleted/)
    NetworkSystem(guest)
    assert.ok(hasComponent(guest, client, Disconnected))
    assert.throws(() => closeNetwork(host), TypeError)
    const other = net.world()
    assert.ok(createServer(other, net.transport, port) > 0, 'the port is free')
  })

  it('what arrives for a deleted world closes its connections, and new ones are turned away', async (net) => {
    const [a, b] = net.links(2)
    const { host, guest, client } = a!
    const port = portOf(host, a!.server)
    deleteWorld(host)
    const newcomer = net.world()
    const socket = createSocket(newcomer, net.transport)
    const result = await connectSocket(newcomer, socket, 'memory', port)
    assert.is(result, NetworkError.connectionClosed)
    for (const link of [a!, b!]) {
      NetworkSystem(link.guest)
      assert.ok(hasComponent(link.guest, link.client, Disconnected))
    }
    assert.is(sendPacket(guest, client, Buffer.from('x')), NetworkError.notConnected)
    assert.is(await connectSocket(guest, client, 'memory', port), NetworkError.refused)
  })

  it('what was sent before deleteWorld leaves, and the microtask that sends it harms nothing', async (net) => {
    const [a] = net.links(1)
    const { host, guest, accepted, client } = a!
    const log = logOf(guest)
    say(host, accepted, 'bye')
    deleteWorld(host)
    await Promise.resolve()
    NetworkSystem(guest)
    assert.equal(log, [`data ${client} bye`])
  })

  it('deleteWorld while connecting: the promise is settled', async (net) => {
    const host = net.world()
    const server = net.serverIn(host, { raw: true })
    const guest = net.world()
    const client = createSocket(guest, net.transport)
    const result = connectSocket(guest, client, 'memory', portOf(host, server))
    deleteWorld(guest)
    assert.throws(() => NetworkSystem(guest), TypeError)
    assert.is(await result, NetworkError.connectionClosed)
  })
})

/** Echoes with recycled ids; returns how many echoes came back right. */
function churn(net: TestNet, host: World, guest: World): number {
  const server = net.serverIn(host)
  let echoes = 0
  onEach(host, (load) => {
    if (load.type === NetworkType.data) sendPacket(host, load.id, load.buffer)
  })
  let expected = ''
  onEach(guest, (load) => {
    assert.is(textOf(load), expected)
    echoes++
  })
  for (let index = 0; index < 50; index++) {
    const { client, accepted } = net.link(host, server, guest)
    expected = `message ${index}`
    say(guest, client, expected)
    flushNetwork(guest)
    NetworkSystem(host)
    NetworkSystem(guest)
    if (index % 2 === 0) destroySocket(guest, client)
    else destroySocket(host, accepted)
    NetworkSystem(host)
    NetworkSystem(guest)
    if (index % 2 === 1) removeEntity(guest, client)
    assert.is(sendPacket(guest, client, Buffer.from('x')), NetworkError.unknownSocket)
    assert.is(sendPacket(host, accepted, Buffer.from('x')), NetworkError.unknownSocket)
  }
  assert.is(query(host, [Socket]).length, 1)
  assert.is(query(guest, [Socket]).length, 0)
  return echoes
}

memorySpec('worlds :: versioned ids', (it) => {
  for (const bits of [0, 8, 12])
    it(`of ${bits} bits: ids that are used again reach nobody else`, (net) => {
      const versioned = () =>
        net.world({}, createWorld(createEntityIndex(bits === 0 ? undefined : withVersioning(bits))))
      assert.is(churn(net, versioned(), versioned()), 50)
    })

  it('of 12 bits, past the point where ids are negative', (net) => {
    const world = net.world({}, createWorld(createEntityIndex(withVersioning(12))))
    let id = addEntity(world)
    for (let index = 0; index < 5_000 && id >= 0; index++) {
      removeEntity(world, id)
      id = addEntity(world)
    }
    assert.ok(id < 0)
    removeEntity(world, id)
    const server = net.serverIn(world)
    assert.ok(server > 0, 'below 0 it would be an error')
    const link = net.link(world, server)
    const log = logOf(world)
    say(link.guest, link.client, 'x')
    flushNetwork(link.guest)
    NetworkSystem(world)
    assert.equal(log, [`data ${link.accepted} x`])
    assert.equal([...query(world, [Socket, AcceptedBy(server)])].length, 1)
    destroySocket(world, server)
    NetworkSystem(link.guest)
    assert.ok(hasComponent(link.guest, link.client, Disconnected))
  })

  it('although bitECS takes a live entity for dead: destroySocket and closeNetwork still close it', (net) => {
    const versioned = () => {
      const world = net.world({}, createWorld(createEntityIndex(withVersioning(8))))
      const plain = addEntity(world)
      removeEntity(world, addEntity(world))
      return { world, plain }
    }
    const host = net.world()
    const server = net.serverIn(host)
    const log = logOf(host)
    for (const close of [destroySocket, (world: World) => closeNetwork(world)]) {
      const { world, plain } = versioned()
      const { client, accepted } = net.link(host, server, world)
      removeEntity(world, plain)
      assert.not.ok(entityExists(world, client), 'bitECS loses sight of it')
      close(world, client)
      assert.is(sendPacket(world, client, Buffer.from('x')), NetworkError.unknownSocket)
      NetworkSystem(host)
      assert.is(log.at(-1), `disconnect ${accepted}`)
    }
  })
})

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)

memorySpec(`worlds :: versioned ids under churn (SEED=${seed})`, (it) => {
  for (const bits of [8, 12])
    it(`of ${bits} bits: sockets that end in any order are all shown, heard and gone, and nothing throws`, (net) => {
      const random = mulberry32(seed)
      const host = net.world({}, createWorld(createEntityIndex(withVersioning(bits))))
      const server = net.serverIn(host)
      const seen = { connect: 0, data: 0, disconnect: 0 }
      onNetworking(host, addEntity(host), (_world, _self, load) => {
        if (load.type === NetworkType.connect) seen.connect++
        else if (load.type === NetworkType.data) seen.data++
        else if (load.type === NetworkType.disconnect) seen.disconnect++
      })
      let links: Link[] = []
      for (let round = 0; round < 600; round++) {
        const link = net.link(host, server)
        assert.ok(link.accepted > 0)
        assert.ok(entityExists(host, link.accepted))
        links.push(link)
        if (links.length <= 6) continue
        const [ended] = links.splice(Math.floor(random() * links.length), 1)
        say(ended!.guest, ended!.client, 'x')
        flushNetwork(ended!.guest)
        closeNetwork(ended!.guest)
        NetworkSystem(host)
      }
      for (const { guest } of links) closeNetwork(guest)
      links = []
      NetworkSystem(host)
      assert.equal(seen, { connect: 600, data: 594, disconnect: 600 })
      assert.equal([...query(host, [Socket])], [server])
      assert.is(query(host, [AcceptedBy(server)]).length, 0)
    })

  it('warns once that bitECS has lost an entity', async (net) => {
    const world = net.world({}, createWorld(createEntityIndex(withVersioning(8))))
    const sockets = Array.from({ length: 8 }, () => createSocket(world, createMemoryTransport()))
    for (let round = 0; round < 200; round++) {
      const at = (round * 5) % sockets.length
      destroySocket(world, sockets[at]!)
      const socket = createSocket(world, createMemoryTransport())
      assert.ok(socket > 0)
      sockets[at] = socket
      net.clock.advance(10_000)
      await Promise.resolve()
    }
    assert.is(query(world, [Socket]).length, 8)
    assert.is(net.warnings.length, 1)
    assert.match(net.warnings[0]!, /versioning/)
  })
})

spec('worlds :: 32 in one process', (it) => {
  it('16 servers and 16 clients over TCP hear only their own, with the same ids everywhere', async () => {
    const count = 16
    const hosts = Array.from({ length: count }, () => createWorld())
    const guests = Array.from({ length: count }, () => createWorld())
    const all = [...hosts, ...guests]
    try {
      const servers = hosts.map((host) => createServer(host, SocketType.tcp, 0))
      const clients = guests.map((guest) => createSocket(guest, SocketType.tcp))
      assert.is(new Set([...servers, ...clients]).size, 1, 'the same entity id in all worlds')
      const results = guests.map((guest, index) =>
        connectSocket(guest, clients[index]!, '127.0.0.1', portOf(hosts[index]!, servers[index]!)),
      )
      const accepted: EntityId[] = []
      const heard = all.map((world, index) => {
        const texts: string[] = []
        onEach(world, (load) => {
          if (load.type === NetworkType.connect) accepted[index] = load.socket
          if (load.type === NetworkType.data) texts.push(textOf(load))
        })
        return texts
      })
      for (const result of await Promise.all(results)) assert.is(result, clients[0])
      await until(() => accepted.filter((it) => it !== undefined).length === count, all)
      assert.is(new Set(accepted).size, 1)
      const rounds = 20
      for (let round = 0; round < rounds; round++) {
        for (let index = 0; index < count; index++) {
          say(guests[index]!, clients[index]!, `to host ${index} round ${round}`)
          say(hosts[index]!, accepted[index]!, `to guest ${index} round ${round}`)
        }
        await turns(1)
      }
      await until(() => heard.every((texts) => texts.length >= rounds), all)
      heard.forEach((texts, index) => {
        const name = index < count ? `host ${index}` : `guest ${index - count}`
        assert.equal(
          texts,
          Array.from({ length: rounds }, (_, round) => `to ${name} round ${round}`),
        )
      })

      // One world goes; its neighbours do not notice.
      closeNetwork(hosts[3]!)
      await until(() => hasComponent(guests[3]!, clients[3]!, Disconnected), all)
      for (let index = 0; index < count; index++)
        if (index !== 3) {
          assert.ok(hasComponent(guests[index]!, clients[index]!, Connected))
          assert.ok(hasComponent(hosts[index]!, accepted[index]!, Connected))
        }
    } finally {
      for (const world of all) closeNetwork(world)
    }
  })
})
