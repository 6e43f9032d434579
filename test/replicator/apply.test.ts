// What a client's world goes through, and options of components.

import {
  addComponent,
  addComponents,
  addEntity,
  addPrefab,
  createEntityIndex,
  createRelation,
  createWorld,
  type EntityId,
  hasComponent,
  observe,
  onAdd,
  query,
  type Relation,
  removeComponent,
  removeEntity,
  withVersioning,
  type World,
} from 'bitecs'
import { NetworkSystem } from 'bitecs-networking'
import {
  entityOf,
  InterpolationSystem,
  netIdOf,
  oneOf,
  OwnedBy,
  range,
  ref,
  Remote,
  Replicated,
  replicate,
  Replication,
  ReplicationSystem,
  Shown,
  shown,
  u16,
} from 'bitecs-networking/replication'
import * as assert from 'uvu/assert'
import { thrownBy } from '../lib/throws.ts'
import { spec } from '../spec.ts'
import { Troupe } from './Troupe.ts'

interface Stores {
  Place: { x: number[] }
  Hue: number[]
  Target: number[]
  First: number[]
  Exact: number[]
  ChildOf: Relation<object>
}

function declare(world: World<Stores>): World<Stores> {
  return replicate(world, {
    Place: [world.Place, { x: range(0, 100, 0.5) }, { interpolate: true }],
    Hue: [world.Hue, u16, { priority: 4 }],
    Target: [world.Target, ref],
    First: [world.First, u16, { once: true }],
    Exact: [world.Exact, range(0, 1, 0.25), { snap: true }],
    ChildOf: [world.ChildOf],
  })
}

const stores = (): Stores => ({
  Place: { x: [] },
  Hue: [],
  Target: [],
  First: [],
  Exact: [],
  ChildOf: createRelation() as Relation<object>,
})

function createKinds(): World<{ Kind: string[] }> {
  const world = createWorld({ Kind: [] as string[] })
  return replicate(world, { Kind: [world.Kind, oneOf('sheep', 'dog')] })
}

const createGame = (): World<Stores> => declare(createWorld(stores()))

function spawn(host: World<Stores>, hue: number, ...more: object[]): EntityId {
  const entity = addEntity(host)
  host.Hue[entity] = hue
  addComponents(host, entity, [host.Hue, ...more, Replicated])
  return entity
}

const byHue = (world: World<Stores>, hue: number): EntityId | undefined =>
  [...query(world, [Remote])].find((entity) => world.Hue[entity] === hue)

spec('a snapshot', (it) => {
  it(
    'is applied values first, then components and OwnedBy, Remote last',
    Troupe.with(createGame, (troupe) => {
      const { host } = troupe
      const { world, socket, accepted } = troupe.join()
      const log: string[] = []
      const note = (name: string, component: object): void =>
        void observe(world, onAdd(component), (entity) => {
          const has = [world.Hue, world.Target, OwnedBy(socket), Remote].map((each) =>
            hasComponent(world, entity, each) ? 1 : 0,
          )
          log.push(
            `${name} ${world.Hue[entity]} ${world.Hue[world.Target[entity]!]} ${has.join('')}`,
          )
        })
      note('Hue', world.Hue)
      note('Target', world.Target)
      note('OwnedBy', OwnedBy(socket))
      note('Remote', Remote)
      const a = spawn(host, 7, OwnedBy(accepted), host.Target)
      const b = spawn(host, 8)
      host.Target[a] = b
      troupe.snapshot()
      assert.equal(log, [
        'Hue 7 8 1000',
        'Target 7 8 1100',
        'OwnedBy 7 8 1110',
        'Hue 8 undefined 1000',
        'Remote 7 8 1111',
        'Remote 8 undefined 1001',
      ])
    }),
  )

  it(
    'fills references and relations late, and empties them when their target goes',
    Troupe.with(
      createGame,
      (troupe) => {
        const { host } = troupe
        const { world } = troupe.join()
        const target = spawn(host, 2)
        const a = spawn(host, 1, host.Target, host.ChildOf(target))
        host.Target[a] = target
        hidden.add(target)
        troupe.snapshot()
        const replica = byHue(world, 1)!
        assert.is(world.Target[replica], 0)
        assert.not.ok(hasComponent(world, replica, world.ChildOf('*')))
        hidden.delete(target)
        troupe.snapshot()
        const there = byHue(world, 2)!
        assert.is(world.Target[replica], there)
        assert.ok(hasComponent(world, replica, world.ChildOf(there)))
        hidden.add(target)
        troupe.snapshot()
        assert.is(byHue(world, 2), undefined)
        assert.is(world.Target[replica], 0)
        assert.not.ok(hasComponent(world, replica, world.ChildOf('*')))
        hidden.clear()
      },
      {
        serve: {
          interest: (world) =>
            [...query(world, [Replicated])].filter((entity) => !hidden.has(entity)),
        },
      },
    ),
  )

  it(
    'throws what observers throw when the tick is done, and misses nothing else',
    Troupe.with(createGame, (troupe) => {
      const { host } = troupe
      const { world } = troupe.join()
      const fault = new Error('of an observer')
      const stop = observe(world, onAdd(Remote), (entity) => {
        if (world.Hue[entity] === 1) throw fault
      })
      for (const hue of [1, 2, 3]) spawn(host, hue)
      ReplicationSystem(host, ++troupe.tick)
      NetworkSystem(host)
      troupe.clock.advance(2)
      assert.is(
        thrownBy(() => NetworkSystem(world)),
        fault,
      )
      stop()
      assert.is(query(world, [Remote]).length, 3)
    }),
  )

  it(
    'survives observers that remove what is being made',
    Troupe.with(createGame, (troupe) => {
      const { host } = troupe
      const { world } = troupe.join()
      let other = 0
      observe(world, onAdd(world.Hue), (entity) => {
        if (world.Hue[entity] !== 1) return
        removeEntity(world, entity)
        // bitECS gives the id out again at once.
        other = addEntity(world)
        assert.is(other, entity)
      })
      const a = spawn(host, 1)
      spawn(host, 2)
      troupe.snapshot()
      assert.not.ok(hasComponent(world, other, Remote))
      assert.equal(
        [...query(world, [Remote])].map((entity) => world.Hue[entity]),
        [2],
      )
      assert.is(entityOf(world, netIdOf(host, a)), undefined)
      host.Hue[a] = 5
      troupe.snapshot()
      assert.is(query(world, [Remote]).length, 1)
    }),
  )

  it(
    'makes again what was removed here once the server spawns it again',
    Troupe.with(createGame, (troupe) => {
      const { host } = troupe
      const { world } = troupe.join()
      const a = spawn(host, 1)
      troupe.snapshot()
      removeEntity(world, byHue(world, 1)!)
      host.Hue[a] = 2
      troupe.snapshot()
      assert.is(query(world, [Remote]).length, 0)
      removeComponent(host, a, Replicated)
      addComponent(host, a, Replicated)
      troupe.snapshot()
      assert.ok(byHue(world, 2) !== undefined)
    }),
  )

  it(
    'shows interpolated entities from their spawn to their end, as InterpolationSystem says',
    Troupe.with(createGame, (troupe) => {
      const { host } = troupe
      const { world } = troupe.join()
      const made = [1, 2].map((hue) => {
        const entity = spawn(host, hue, host.Place)
        host.Place.x[entity] = hue
        return entity
      })
      troupe.snapshot()
      assert.is(query(world, [Shown]).length, 0)
      troupe.pass(65)
      InterpolationSystem(world)
      assert.is(query(world, [Shown]).length, 2)
      assert.is(shown(world, world.Place).x[byHue(world, 1)!], 1)
      removeEntity(host, made[0]!)
      troupe.snapshot()
      assert.is(query(world, [Remote]).length, 1)
      assert.is(query(world, [Shown]).length, 2)
      troupe.pass(100)
      InterpolationSystem(world)
      assert.is(query(world, [Shown]).length, 1)
    }),
  )
})

const hidden = new Set<EntityId>()

spec('a server that replicates', (it) => {
  it(
    'reads once what is declared so, and rounds what is to be snapped',
    Troupe.with(createGame, (troupe) => {
      const { host } = troupe
      const { world } = troupe.join()
      const a = spawn(host, 1, host.First, host.Exact)
      host.First[a] = 5
      host.Exact[a] = 0.3
      troupe.snapshot()
      const replica = byHue(world, 1)!
      assert.is(world.First[replica], 5)
      assert.is(host.Exact[a], 0.25)
      assert.is(world.Exact[replica], 0.25)
      host.First[a] = 6
      troupe.snapshot()
      assert.is(world.First[replica], 5)
      removeComponent(host, a, host.First)
      troupe.snapshot()
      addComponent(host, a, host.First)
      troupe.snapshot()
      assert.is(world.First[replica], 6)
    }),
  )

  it(
    'does not replicate prefabs, nor what lost Replicated',
    Troupe.with(createGame, (troupe) => {
      const { host } = troupe
      const { world } = troupe.join()
      const prefab = addPrefab(host)
      host.Hue[prefab] = 9
      addComponents(host, prefab, [host.Hue, Replicated])
      const a = spawn(host, 1)
      troupe.snapshot()
      assert.is(query(world, [Remote]).length, 1)
      removeComponent(host, a, Replicated)
      troupe.snapshot()
      assert.is(query(world, [Remote]).length, 0)
      assert.is(netIdOf(host, a), 0)
    }),
  )

  it(
    'spreads much over several snapshots: what is owned first, then the urgent',
    Troupe.with(
      createGame,
      (troupe) => {
        const { host } = troupe
        const { world, socket, accepted } = troupe.join()
        for (let hue = 1; hue <= 200; hue++) spawn(host, hue)
        const mine = spawn(host, 1_000, OwnedBy(accepted))
        const near = 150
        urgent.add(near)
        troupe.snapshot()
        const store = Replication(world)
        assert.not.ok(store.complete[socket])
        assert.ok(Replication(host).waiting[accepted]! > 100)
        assert.ok(byHue(world, 1_000) !== undefined)
        assert.ok(entityOf(world, netIdOf(host, mine)) !== undefined)
        assert.ok(byHue(world, near) !== undefined)
        let count = 1
        for (; store.complete[socket] !== true; count++) troupe.snapshot()
        assert.ok(count > 3 && count < 20, `${count} snapshots`)
        assert.is(query(world, [Remote]).length, 201)
        urgent.clear()
      },
      {
        serve: {
          bytesPerSnapshot: 256,
          priority: (world, _, entity) =>
            urgent.has((world as World<Stores>).Hue[entity]!) ? 10 : 1,
        },
      },
    ),
  )

  it(
    'sends nothing to a connection that stands still, and the newest state when it moves again',
    Troupe.with(createGame, (troupe) => {
      const { host } = troupe
      const { world, socket } = troupe.join()
      const a = spawn(host, 1)
      troupe.snapshot()
      const sent = Replication(host).snapshotsOut
      const accepted = troupe.guests[0]!.accepted
      troupe.network.cut()
      const before = sent[accepted]!
      for (let count = 0; count < 600; count++) {
        host.Hue[a] = count
        for (let more = 0; more < 3; more++) spawn(host, 1_000 + more)
        ReplicationSystem(host, ++troupe.tick)
        NetworkSystem(host)
        troupe.clock.advance(1)
      }
      const tried = sent[accepted]! - before
      assert.ok(tried < 600, `${tried} of 600 were sent`)
      troupe.network.heal()
      const store = Replication(world)
      const isCurrent = (): boolean => store.tick[socket]! > 602 && store.complete[socket] === true
      for (let count = 0; count < 300 && !isCurrent(); count++) troupe.snapshot(100)
      assert.is(query(world, [Remote]).length, query(host, [Replicated]).length)
      assert.ok(byHue(world, 599) !== undefined)
    }),
  )

  it(
    'goes on when an interest function throws, and throws it',
    Troupe.with(
      createGame,
      (troupe) => {
        const [one, two] = [troupe.join(), troupe.join()]
        failing = one.accepted
        spawn(troupe.host, 1)
        assert.throws(() => ReplicationSystem(troupe.host, ++troupe.tick), /no interest/)
        troupe.pass(3)
        assert.is(query(two.world, [Remote]).length, 1)
        failing = -1
        troupe.snapshot()
        assert.is(query(one.world, [Remote]).length, 1)
      },
      {
        serve: {
          interest(world, socket) {
            if (socket === failing) throw new Error('no interest')
            return query(world, [Replicated])
          },
        },
      },
    ),
  )

  it('takes ticks that rise, and no others', () => {
    const troupe = new Troupe(createGame)
    ReplicationSystem(troupe.host, 5)
    ReplicationSystem(troupe.host)
    assert.throws(
      () => ReplicationSystem(troupe.host, 6),
      /ReplicationSystem: tick must be an integer in 7\.\./,
    )
    assert.throws(() => ReplicationSystem(troupe.host, 7.5), /tick must be an integer/)
  })

  it(
    'replicates worlds with versioned ids',
    Troupe.with(
      () => declare(createWorld(stores(), createEntityIndex(withVersioning(8)))),
      (troupe) => {
        const { host } = troupe
        const { world } = troupe.join()
        let last = 0
        for (let count = 0; count < 30; count++) {
          if (last !== 0) removeEntity(host, last)
          last = spawn(host, count)
          troupe.snapshot()
          assert.equal(
            [...query(world, [Remote])].map((entity) => world.Hue[entity]),
            [count],
          )
        }
      },
    ),
  )

  it(
    'warns of numbers that are none, and sends the least',
    Troupe.with(createGame, async (troupe) => {
      const { host } = troupe
      const { world } = troupe.join()
      const a = spawn(host, 1, host.Place)
      host.Place.x[a] = NaN
      troupe.snapshot()
      assert.is(world.Place.x[byHue(world, 1)!], 0)
      await Promise.resolve()
      assert.match(troupe.warnings[0]!, /1 values of Place\.x are NaN, infinite or not numbers/)
    }),
  )

  it(
    'warns of texts that are not among the names of a oneOf, and sends the first',
    Troupe.with(createKinds, async (troupe) => {
      const { host } = troupe
      const { world } = troupe.join()
      const cat = addEntity(host)
      host.Kind[cat] = 'cat'
      addComponents(host, cat, [host.Kind, Replicated])
      troupe.snapshot()
      assert.equal(
        [...query(world, [Remote])].map((entity) => world.Kind[entity]),
        ['sheep'],
      )
      await Promise.resolve()
      assert.match(troupe.warnings[0]!, /1 values of Kind are none of the names of its oneOf/)
    }),
  )

  it(
    'warns, once, of what is never shown because InterpolationSystem never runs',
    Troupe.with(createGame, async (troupe) => {
      const { host } = troupe
      const [drawn, seen, headless] = [troupe.join(), troupe.join(), troupe.join()]
      for (const { world } of [drawn, seen]) shown(world, world.Place)
      host.Place.x[spawn(host, 1, host.Place)] = 1
      const run = (count: number): void => {
        for (let snapshots = 0; snapshots < count; snapshots++) {
          troupe.snapshot()
          InterpolationSystem(seen.world)
        }
      }
      run(25)
      await Promise.resolve()
      assert.equal(troupe.warnings, [])
      run(50)
      await Promise.resolve()
      assert.is(troupe.warnings.length, 1)
      assert.match(
        troupe.warnings[0]!,
        /1 replicas wait .* InterpolationSystem\(world\) has not run/,
      )
      assert.is(query(headless.world, [Shown]).length, 0)
    }),
  )
})

const urgent = new Set<number>()
let failing = -1
