// What `shown` has of every kind of field and store.

import { addComponents, addEntity, createWorld, hasComponent, query, type World } from 'bitecs'
import {
  Connected,
  connectSocket,
  createServer,
  createSocket,
  createVirtualClock,
  NetworkSystem,
  SocketType,
} from 'bitecs-networking'
import {
  angle,
  aos,
  bool,
  InterpolationSystem,
  Joined,
  joinReplication,
  oneOf,
  quaternion,
  range,
  ref,
  Remote,
  Replicated,
  replicate,
  ReplicationSystem,
  serveReplication,
  shown,
  text,
  u16,
} from 'bitecs-networking/replication'
import { createMemoryNetwork } from 'bitecs-networking/simulation'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'

type Rotation = Record<'x' | 'y' | 'z' | 'w', number>

interface Stores {
  readonly Many: {
    readonly x: Float32Array
    readonly count: Uint16Array
    readonly isOn: boolean[]
    readonly mood: string[]
    readonly name: string[]
    readonly friend: number[]
  }
  readonly Heading: number[]
  readonly Turn: Rotation[]
  readonly Step: { readonly spin: Record<'x' | 'y' | 'z' | 'w', number[]>; readonly at: number[] }
  readonly Gear: { weight: number; kind: string; owner: number }[]
}

function createGame(): World<Stores> {
  const world = createWorld<Stores>({
    Many: {
      x: new Float32Array(100),
      count: new Uint16Array(100),
      isOn: [],
      mood: [],
      name: [],
      friend: [],
    },
    Heading: [],
    Turn: [],
    Step: { spin: { x: [], y: [], z: [], w: [] }, at: [] },
    Gear: [],
  })
  const { Many, Heading, Turn, Step, Gear } = world
  const axis = range(0, 1_000, 1 / 8)
  replicate(world, {
    Many: [
      Many,
      {
        x: axis,
        count: u16,
        isOn: bool,
        mood: oneOf('calm', 'cross'),
        name: text(16),
        friend: ref,
      },
      { interpolate: true },
    ],
    Heading: [Heading, angle(16), { interpolate: true }],
    Turn: [Turn, quaternion(16), { interpolate: true }],
    Step: [Step, { spin: quaternion(16), at: axis }, { interpolate: 'step' }],
    Gear: [
      Gear,
      aos({ weight: axis, kind: oneOf('axe', 'bow'), owner: ref }),
      { interpolate: true },
    ],
  })
  return world
}

/** Values of an entity that go with a number. */
function set({ Many, Heading, Turn, Step, Gear }: Stores, entity: number, value: number): void {
  Many.x[entity] = value
  Many.count[entity] = value
  Many.isOn[entity] = value % 20 === 0
  Many.mood[entity] = value % 20 === 0 ? 'calm' : 'cross'
  Many.name[entity] = `at ${value}`
  Many.friend[entity] = entity
  Heading[entity] = value / 200
  Turn[entity] = { x: Math.sin(value / 400), y: 0, z: 0, w: Math.cos(value / 400) }
  Step.at[entity] = value
  Step.spin.x[entity] = Step.spin.y[entity] = 0
  Step.spin.z[entity] = Math.sin(value / 400)
  Step.spin.w[entity] = Math.cos(value / 400)
  Gear[entity] = { weight: value, kind: value % 20 === 0 ? 'axe' : 'bow', owner: entity }
}

function near(a: number | undefined, b: number, within: number): boolean {
  return Math.abs(a! - b) <= within
}

spec('fields of shown', (it) => {
  it('has each kind of field in each kind of store as it was at the shown tick', async () => {
    const clock = createVirtualClock()
    const network = createMemoryNetwork({ clock, random: () => 0.5 })
    const [server, client] = [createGame(), createGame()]
    for (const world of [server, client]) network.join(world)
    serveReplication(server, createServer(server, SocketType.ws, 6_510), { hz: 100 })
    const socket = createSocket(client, SocketType.ws)
    const entity = addEntity(server)
    set(server, entity, 0)
    const { Many, Heading, Turn, Step, Gear } = server
    addComponents(server, entity, [Many, Heading, Turn, Step, Gear, Replicated])
    let tick = 0
    const run = async (): Promise<void> => {
      clock.advance(10)
      tick++
      NetworkSystem(server)
      if (tick % 5 === 0) {
        set(server, entity, tick * 2)
        ReplicationSystem(server, tick)
      }
      NetworkSystem(client)
      InterpolationSystem(client)
      ReplicationSystem(client)
      for (let turn = 0; turn < 4; turn++) await Promise.resolve()
    }
    void connectSocket(client, socket, '127.0.0.1', 6_510)
    while (!hasComponent(client, socket, Connected)) await run()
    void joinReplication(client, socket)
    while (!hasComponent(client, socket, Joined)) await run()
    for (let frame = 0; frame < 60; frame++) await run()
    const [replica] = query(client, [Remote])
    for (let frame = 0; frame < 60; frame++) {
      await run()
      const many = shown(client, client.Many)
      const value = many.x[replica!]!
      const last = Math.floor(value / 10 + 1e-4) * 10
      const isEven = last % 20 === 0
      assert.ok(value < tick * 2 && value > tick * 2 - 60, `${value} at tick ${tick}`)
      assert.is(many.count[replica!], last)
      assert.is(many.isOn[replica!], isEven)
      assert.is(many.mood[replica!], isEven ? 'calm' : 'cross')
      assert.is(many.name[replica!], `at ${last}`)
      assert.is(many.friend[replica!], replica)
      assert.ok(near(shown(client, client.Heading)[replica!], value / 200, 1e-3))
      const turn = shown(client, client.Turn)[replica!]!
      assert.ok(
        near(turn.x, Math.sin(value / 400), 1e-3) && near(turn.w, Math.cos(value / 400), 1e-3),
      )
      const step = shown(client, client.Step)
      assert.is(step.at[replica!], last)
      assert.ok(near(step.spin.z[replica!], Math.sin(last / 400), 1e-3))
      const gear = shown(client, client.Gear)[replica!]!
      assert.ok(near(gear.weight, value, 1e-3))
      assert.is(gear.kind, isEven ? 'axe' : 'bow')
      assert.is(gear.owner, replica)
      assert.is.not(gear, client.Gear[replica!])
    }
  })
})
