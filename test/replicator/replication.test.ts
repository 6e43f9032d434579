import {
  addComponent,
  addComponents,
  addEntity,
  createWorld,
  hasComponent,
  query,
  removeComponent,
  removeEntity,
} from 'bitecs'
import {
  i16,
  Joined,
  netIdOf,
  OwnedBy,
  range,
  Remote,
  Replicated,
  replicate,
  Replication,
  Shown,
  text,
  u16,
} from 'bitecs-networking/replication'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'
import { Troupe } from './Troupe.ts'

function createGame() {
  const world = createWorld({
    Place: { x: [] as number[], y: [] as number[] },
    Hue: [] as number[],
    Name: [] as string[],
    Secret: { code: [] as number[] },
    Burning: {},
  })
  replicate(world, {
    Place: [world.Place, { x: range(0, 1600, 1 / 16), y: range(0, 1000, 1 / 16) }],
    Hue: [world.Hue, u16],
    Name: [world.Name, text(32)],
    Secret: [world.Secret, { code: i16 }, { to: 'owner' }],
    Burning: [world.Burning],
  })
  return world
}

const only = (entities: readonly number[] | Readonly<Uint32Array>): number => {
  assert.is(entities.length, 1)
  return entities[0]!
}

spec('replication', (it) => {
  it(
    'makes what has Replicated in the worlds of clients, keeps it as it is, and removes it',
    Troupe.with(createGame, (troupe) => {
      const { host } = troupe
      const { world, socket, accepted } = troupe.join()
      assert.ok(hasComponent(host, accepted, Joined))
      const ship = addEntity(host)
      host.Place.x[ship] = 100.03
      host.Place.y[ship] = 7
      host.Hue[ship] = 47
      host.Name[ship] = 'Ada'
      addComponents(host, ship, [host.Place, host.Hue, host.Name, Replicated])
      troupe.snapshot()
      const replica = only(query(world, [Remote]))
      assert.ok(hasComponent(world, replica, Shown))
      assert.is(world.Place.x[replica], 100)
      assert.is(world.Place.y[replica], 7)
      assert.is(world.Hue[replica], 47)
      assert.is(world.Name[replica], 'Ada')
      assert.not.ok(hasComponent(world, replica, world.Burning))
      assert.is(netIdOf(world, replica), netIdOf(host, ship))
      host.Place.x[ship] = 101
      addComponent(host, ship, host.Burning)
      removeComponent(host, ship, host.Hue)
      troupe.snapshot()
      assert.is(world.Place.x[replica], 101)
      assert.ok(hasComponent(world, replica, world.Burning))
      assert.not.ok(hasComponent(world, replica, world.Hue))
      assert.not.ok(hasComponent(world, replica, OwnedBy(socket)))
      addComponents(host, ship, [OwnedBy(accepted), host.Secret])
      host.Secret.code[ship] = -5
      troupe.snapshot()
      assert.ok(hasComponent(world, replica, OwnedBy(socket)))
      assert.is(world.Secret.code[replica], -5)
      const store = Replication(world)
      assert.is(store.snapshotsIn[socket], 3)
      assert.ok(store.complete[socket])
      removeEntity(host, ship)
      troupe.snapshot()
      assert.is(query(world, [Remote]).length, 0)
      assert.equal(troupe.warnings, [])
    }),
  )
})
