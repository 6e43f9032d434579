import {
  addComponent,
  addEntity,
  entityExists,
  observe,
  onAdd,
  query,
  removeComponent,
  removeEntity,
} from 'bitecs'
import {
  closeNetwork,
  Connected,
  connectSocket,
  createSocket,
  destroySocket,
  flushNetwork,
  NetworkError,
  NetworkEvent,
  NetworkSystem,
  sendPacket,
  sendRaw,
  setNetworkConfig,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { statesOf } from '../lib/sockets.ts'
import { logOf, onEach } from '../lib/recordEvents.ts'
import { say } from '../lib/say.ts'
import { thrownBy } from '../lib/throws.ts'

memorySpec('Socket :: ending', (it) => {
  it('removeEntity closes the connection, on either side', (net) => {
    const [a, b] = net.links(2)
    const { host } = a!
    const log = logOf(host)
    removeEntity(host, a!.accepted)
    NetworkSystem(a!.guest)
    assert.equal(statesOf(a!.guest, a!.client), ['Disconnected'])
    removeEntity(b!.guest, b!.client)
    NetworkSystem(host)
    assert.equal(log, [`disconnect ${b!.accepted}`])
  })

  it('destroySocket removes the entity with all its components', (net) => {
    const [a] = net.links(1)
    const { host, accepted } = a!
    const Player = { name: [] as string[] }
    addComponent(host, accepted, Player)
    Player.name[accepted] = 'Ada'
    assert.equal([...query(host, [Player, Socket, Connected])], [accepted])
    destroySocket(host, accepted)
    assert.not.ok(entityExists(host, accepted))
    assert.is(query(host, [Player]).length, 0)
    destroySocket(host, accepted)
  })

  it('destroySocket leaves an entity alone that is no socket', (net) => {
    const world = net.world()
    const entity = addEntity(world)
    destroySocket(world, entity)
    destroySocket(world, 12_345)
    assert.ok(entityExists(world, entity))
  })

  it('removeComponent(Socket) closes the connection and leaves the entity to its owner', (net) => {
    const [a] = net.links(1)
    const { host, accepted, guest, client } = a!
    const log = logOf(host)
    say(guest, client, 'queued')
    flushNetwork(guest)
    removeComponent(host, accepted, Socket)
    NetworkSystem(guest)
    assert.equal(statesOf(guest, client), ['Disconnected'])
    assert.is(sendPacket(host, accepted, Buffer.from('x')), NetworkError.unknownSocket)
    NetworkSystem(host)
    assert.equal(log, [])
    assert.ok(entityExists(host, accepted))
    assert.equal([...query(host, [Socket, Connected])], [])
  })

  it('removeComponent(Socket) in a handler leaves no NetworkEvent behind', (net) => {
    const [a] = net.links(1)
    const { host, accepted, guest, client } = a!
    say(guest, client, 'x')
    flushNetwork(guest)
    onEach(host, () => removeComponent(host, accepted, Socket))
    NetworkSystem(host)
    assert.ok(entityExists(host, accepted))
    assert.is(query(host, [NetworkEvent]).length, 0)
  })

  it('by an observer of NetworkEvent costs no other socket its events', (net) => {
    const [a, b] = net.links(2)
    const { host, accepted } = a!
    for (const { guest, client } of [a!, b!]) {
      say(guest, client, 'x')
      flushNetwork(guest)
    }
    const log = logOf(host)
    observe(host, onAdd(NetworkEvent), (entity) => {
      if (entity === accepted) destroySocket(host, entity)
    })
    // bitECS cannot add a component whose observer removes the entity, and says so.
    const error = thrownBy(() => NetworkSystem(host))
    assert.match(String((error as Error).stack), /bitecs/)
    NetworkSystem(host)
    assert.equal(log, [`data ${b!.accepted} x`])
  })

  it('closeNetwork removes every socket entity and nothing else', (net) => {
    const host = net.world()
    const one = net.serverIn(host)
    net.serverIn(host)
    for (let index = 0; index < 5; index++) net.link(host, one)
    createSocket(host, net.transport)
    const plain = addEntity(host)
    closeNetwork(host)
    assert.is(query(host, [Socket]).length, 0)
    assert.ok(entityExists(host, plain))
    const server = net.serverIn(host)
    net.link(host, server)
    assert.is(query(host, [Socket]).length, 2)
  })

  it('every function on a stale id answers a negative code and throws nothing', async (net) => {
    const [a] = net.links(1)
    const { host, accepted } = a!
    destroySocket(host, accepted)
    for (const heir of [undefined, addEntity(host)]) {
      if (heir !== undefined) assert.is(heir, accepted)
      assert.is(sendPacket(host, accepted, Buffer.from('x')), NetworkError.unknownSocket)
      assert.is(sendRaw(host, accepted, Buffer.from('x')), NetworkError.unknownSocket)
      assert.is(sendPacket(host, [accepted], Buffer.from('x')), 0)
      assert.is(await connectSocket(host, accepted, 'memory', 1), NetworkError.unknownSocket)
      assert.is(
        setNetworkConfig(host, accepted, { avoidTimeWait: true }),
        NetworkError.unknownSocket,
      )
      destroySocket(host, accepted)
      if (heir !== undefined) assert.ok(entityExists(host, heir))
    }
  })
})
