import {
  addComponent,
  createWorld,
  entityExists,
  type EntityId,
  hasComponent,
  observe,
  onRemove,
  query,
  removeEntity,
  type World,
} from 'bitecs'
import {
  AcceptedBy,
  Connected,
  destroySocket,
  Disconnected,
  NetworkSystem,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { type TestNet } from '../lib/TestNet.ts'
import { portOf, sorted } from '../lib/sockets.ts'
import { thrownBy, throws } from '../lib/throws.ts'
import { withMemory } from '../lib/withNet.ts'
import { spec } from '../spec.ts'

/** Many clients of one server, all in one world of their own. */
function crowd(net: TestNet, count: number): Crowd {
  const host = net.world()
  const guest = net.world()
  const server = net.serverIn(host)
  const clients = Array.from({ length: count }, () => net.clientIn(guest, host, server))
  NetworkSystem(host)
  NetworkSystem(guest)
  const accepted = [...query(host, [Socket, AcceptedBy(server)])]
  assert.is(accepted.length, count)
  assert.is(query(guest, [Socket, Connected]).length, count)
  return { host, guest, server, clients, accepted }
}

interface Crowd {
  readonly host: World
  readonly guest: World
  readonly server: EntityId
  readonly clients: readonly EntityId[]
  readonly accepted: readonly EntityId[]
}

const ways = { removeEntity, destroySocket } as const

spec('AcceptedBy :: what it takes', (it) => {
  for (const [name, value] of [
    ['a text', '1'],
    ['null', null],
    ['undefined', undefined],
    ['an object', {}],
    ['a bigint', 1n],
    ['true', true],
    ['a function', () => {}],
    ['what a query uses for any target', '*'],
  ] as const)
    it(`refuses ${name}`, () => {
      for (let time = 0; time < 2; time++)
        throws(
          () => Reflect.apply(AcceptedBy, undefined, [value]),
          TypeError,
          /^AcceptedBy: server must be an entity, got /,
        )
    })

  it('is one component for each entity', () => {
    assert.is(AcceptedBy(1), AcceptedBy(1))
    assert.is.not(AcceptedBy(1), AcceptedBy(2))
  })

  it('of what is not a server nobody is', () => {
    const world = createWorld()
    for (const entity of [0, -1, 5, Number.NaN, Infinity])
      assert.is(query(world, [Socket, AcceptedBy(entity)]).length, 0)
  })
})

memorySpec('AcceptedBy :: two worlds with equal ids', (it) => {
  it('do not mix their clients', (net) => {
    const [one, two] = [crowd(net, 3), crowd(net, 5)]
    assert.is(one.server, two.server)
    assert.is(query(one.host, [AcceptedBy(one.server)]).length, 3)
    assert.is(query(two.host, [AcceptedBy(two.server)]).length, 5)
    removeEntity(one.host, one.server)
    assert.is(query(one.host, [AcceptedBy(one.server)]).length, 0)
    assert.is(query(two.host, [AcceptedBy(two.server)]).length, 5)
    NetworkSystem(two.guest)
    assert.is(query(two.guest, [Connected]).length, 5)
  })
})

for (const [name, remove] of Object.entries(ways))
  spec(`AcceptedBy :: ${name} of a server with 1,000 clients`, (it) => {
    it(
      'leaves nothing of them, here or at the other end',
      withMemory((net) => {
        const { host, guest, server, clients, accepted } = crowd(net, 1_000)
        remove(host, server)
        assert.is(query(host, [Socket]).length, 0)
        assert.is(query(host, [AcceptedBy(server)]).length, 0)
        assert.is(query(host, [Connected]).length, 0)
        for (const entity of [server, ...accepted]) assert.not.ok(entityExists(host, entity))
        // A tick takes 256 ends.
        for (let ticks = 0; ticks < 4; ticks++) NetworkSystem(guest)
        assert.equal(sorted(query(guest, [Disconnected])), sorted(clients))
        assert.is(query(guest, [Connected]).length, 0)
        NetworkSystem(host)
      }),
    )

    it(
      'leaves nothing in the queries of a server that has its id next',
      withMemory((net) => {
        const { host, guest, server } = crowd(net, 1_000)
        remove(host, server)
        let again = -1
        for (let made = 0; made < 1_001 && again !== server; made++) again = net.serverIn(host)
        assert.is(again, server)
        assert.is(query(host, [AcceptedBy(again)]).length, 0)
        assert.is(query(host, [Socket, Connected, AcceptedBy(again)]).length, 0)
        const client = net.clientIn(guest, host, again)
        NetworkSystem(host)
        NetworkSystem(guest)
        assert.ok(hasComponent(guest, client, Connected))
        const [only, ...more] = query(host, [Socket, Connected, AcceptedBy(again)])
        assert.equal(more, [])
        assert.is(Socket(host).server[only!], again)
      }),
    )

    it(
      "runs observers of the user's own components, which see what there was",
      withMemory((net) => {
        const { host, server, accepted } = crowd(net, 100)
        const Player = { score: [] as number[] }
        for (const [index, entity] of accepted.entries()) {
          addComponent(host, entity, Player)
          Player.score[entity] = index
        }
        const removed: EntityId[] = []
        observe(host, onRemove(Player), (entity) => {
          removed.push(entity)
          assert.is(Socket(host).server[entity], server)
          assert.is(Player.score[entity], accepted.indexOf(entity))
        })
        const former: EntityId[] = []
        observe(host, onRemove(AcceptedBy(server)), (entity) => former.push(entity))
        remove(host, server)
        assert.equal(sorted(removed), sorted(accepted))
        assert.equal(sorted(former), sorted(accepted))
        assert.is(query(host, [Player]).length, 0)
      }),
    )

    it(
      'goes on when observers remove others, the server, or connect',
      withMemory((net) => {
        const { host, guest, server, accepted } = crowd(net, 50)
        const port = portOf(host, server)
        let runs = 0
        const late: EntityId[] = []
        observe(host, onRemove(AcceptedBy(server)), () => {
          runs++
          const next = accepted.find((entity) => hasComponent(host, entity, Socket))
          if (next !== undefined && runs % 3 === 0) destroySocket(host, next)
          if (runs === 5) remove(host, server)
          if (runs < 20 && Socket(host).port[server] === port)
            late.push(net.clientIn(guest, host, server))
        })
        remove(host, server)
        assert.ok(runs >= 50)
        assert.is(query(host, [Socket]).length, 0)
        assert.is(query(host, [AcceptedBy(server)]).length, 0)
        NetworkSystem(host)
        NetworkSystem(guest)
        assert.is(query(guest, [Connected]).length, 0)
        assert.is(query(host, [Socket]).length, 0)
      }),
    )

    it(
      'closes every connection and the port, though observers throw',
      withMemory((net) => {
        const { host, guest, server, clients, accepted } = crowd(net, 20)
        const port = portOf(host, server)
        const Player = {}
        for (const entity of accepted) addComponent(host, entity, Player)
        let thrown = 0
        observe(host, onRemove(Player), () => {
          thrown++
          throw new RangeError('of an observer')
        })
        assert.ok(thrownBy(() => remove(host, server)))
        assert.is(thrown, 20)
        NetworkSystem(guest)
        assert.equal(sorted(query(guest, [Disconnected])), sorted(clients))
        assert.ok(net.serverIn(host, {}, port) > 0, 'the port is free')
      }),
    )
  })

memorySpec('Socket(world).server', (it) => {
  it('is the server of accepted sockets, and of nothing else that has their ids later', (net) => {
    const { host, guest, server, clients, accepted } = crowd(net, 3)
    const store = Socket(host).server
    for (const entity of accepted) assert.is(store[entity], server)
    assert.is(store[server], undefined)
    for (const entity of clients) assert.is(Socket(guest).server[entity], undefined)
    for (const entity of accepted) destroySocket(host, entity)
    const other = net.serverIn(host)
    const reused = [other, net.clientIn(host, host, other), net.serverIn(host)]
    for (const entity of reused) assert.is(store[entity], undefined)
    assert.ok(reused.some((entity) => accepted.includes(entity)))
    NetworkSystem(host)
    const [mine] = query(host, [Socket, AcceptedBy(other)])
    assert.is(store[mine!], other)
  })
})
