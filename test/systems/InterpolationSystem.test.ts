import {
  addComponents,
  addEntity,
  createWorld,
  entityExists,
  hasComponent,
  Not,
  observe,
  onAdd,
  query,
  removeEntity,
} from 'bitecs'
import {
  angle,
  aos,
  f32,
  InterpolationSystem,
  oneOf,
  quaternion,
  range,
  ref,
  Remote,
  replicate,
  Replicated,
  Shown,
  shown,
  text,
  u8,
} from 'bitecs-networking/replication'
import * as assert from 'uvu/assert'
import { mulberry32 } from '../lib/random.ts'
import { Stage, tickMs, ticksBetween } from '../replication/shown/Film.ts'
import { spec } from '../spec.ts'

const line = { latencyMs: 60, jitterMs: 20, jitter: 'uniform' } as const

/** A stage that has run for two seconds. */
async function openStage(options: ConstructorParameters<typeof Stage>[0]): Promise<Stage> {
  const stage = new Stage(options)
  await stage.open()
  stage.addPilot()
  for (let tick = 0; tick < 120; tick++) stage.run()
  return stage
}

/** The y of all that is shown: here each entity has its own. */
function shownMarks({ client }: Stage): number[] {
  const { y } = shown(client, client.Place)
  return [...query(client, [client.Place, Shown])].map((entity) => y[entity]!).sort((a, b) => a - b)
}

spec('InterpolationSystem', (it) => {
  it('marks a replica as Shown when its spawn is shown, with its values in place', async () => {
    const stage = await openStage({ seed: 1, conditions: line })
    const { client } = stage
    const at = shown(client, client.Place)
    const seen: number[] = []
    observe(client, onAdd(Shown), (entity) => void seen.push(at.x[entity]!))
    stage.add(77, 5)
    const spawn = Math.ceil(stage.tick / ticksBetween) * ticksBetween
    let waited = 0
    while (seen.length === 0) {
      stage.run()
      if (query(client, [client.Place, Remote]).length === 0) assert.equal(seen, [])
      else waited++
    }
    assert.equal(seen, [77])
    assert.ok(waited > 1)
    assert.ok(stage.shownTick() >= spawn && stage.shownTick() < spawn + 1.5)
  })

  it('shows what has ended until its end is shown, going on, without Remote', async () => {
    const stage = await openStage({ seed: 2, conditions: line })
    const { server, client } = stage
    const entity = stage.add(100, 5)
    const move = (): void => void (server.Place.x[entity]! += 1)
    for (let tick = 0; tick < 60; tick++) stage.run(move)
    const [replica] = query(client, [client.Place, Remote])
    assert.equal(shownMarks(stage), [5])
    removeEntity(server, entity)
    const end = Math.ceil(stage.tick / ticksBetween) * ticksBetween
    while (hasComponent(client, replica!, Remote)) stage.run()
    assert.ok(stage.shownTick() < end)
    const { x } = shown(client, client.Place)
    let frames = 0
    while (entityExists(client, replica!)) {
      assert.ok(hasComponent(client, replica!, Shown))
      const before = x[replica!]!
      stage.run()
      if (!entityExists(client, replica!)) break
      frames++
      assert.ok(x[replica!]! > before, 'it goes on')
    }
    assert.ok(frames > 2)
    assert.ok(stage.shownTick() >= end && stage.shownTick() < end + 1.5)
  })

  it('shows and removes at once what is not interpolated', async () => {
    const stage = await openStage({ seed: 3, conditions: line })
    const { server, client } = stage
    const entity = addEntity(server)
    addComponents(server, entity, [server.Plain, Replicated])
    while (query(client, [Not(client.Time), Remote]).length === 0) stage.run()
    const [replica] = query(client, [client.Plain, Not(client.Time), Shown])
    assert.type(replica, 'number')
    removeEntity(server, entity)
    while (hasComponent(client, replica!, Remote)) stage.run()
    assert.not(entityExists(client, replica!))
  })

  it('removes what has ended after 500 ms, if there are no frames', async () => {
    const stage = await openStage({ seed: 4, conditions: line })
    const { server, client, clock } = stage
    const entity = stage.add(100, 5)
    for (let tick = 0; tick < 60; tick++) stage.run()
    const [replica] = query(client, [client.Place, Remote])
    removeEntity(server, entity)
    while (hasComponent(client, replica!, Remote)) {
      stage.runTick()
      stage.runFrame(false)
    }
    const endedMs = clock.now()
    while (entityExists(client, replica!)) {
      stage.runTick()
      stage.runFrame(false)
    }
    const leftMs = clock.now() - endedMs
    assert.ok(leftMs >= 499 && leftMs < 500 + 2 * tickMs, `${leftMs} ms`)
  })

  it('catches up once when the page was hidden', async () => {
    const stage = await openStage({ seed: 5, conditions: line })
    const { server, client } = stage
    const entity = stage.add(100, 5)
    const move = (): void => void (server.Place.x[entity]! += 0.5)
    for (let tick = 0; tick < 120; tick++) stage.run(move)
    // No frames for ten seconds, and ticks once a second.
    for (let second = 0; second < 10; second++) {
      for (let tick = 0; tick < 60; tick++) stage.runTick(move)
      stage.runFrame(false)
    }
    const x = (): number => stage.picture()!.x
    const before = x()
    stage.run(move)
    assert.ok(x() - before > 280, `it went ${x() - before}`)
    for (let frame = 0; frame < 60; frame++) {
      const last = x()
      stage.run(move)
      assert.ok(x() - last >= 0.47 && x() - last <= 0.53, `a step of ${x() - last}`)
    }
    assert.is(query(client, [client.Place, Shown]).length, 1)
  })

  it('shows at each frame exactly what there was at the shown tick, whatever comes and goes', async () => {
    for (const seed of [11, 12, 13]) {
      const random = mulberry32(seed)
      const stage = await openStage({ seed, conditions: line })
      const { server, client } = stage
      const lives: { mark: number; entity: number; from: number; to: number }[] = []
      let mark = 0
      for (let tick = 0; tick < 900; tick++) {
        const next = Math.ceil(stage.tick / ticksBetween) * ticksBetween
        if (tick < 800 && random() < 0.1) {
          mark++
          lives.push({ mark, entity: stage.add(mark, mark), from: next, to: Infinity })
        }
        for (const life of lives) {
          if (life.to !== Infinity || random() > (tick < 800 ? 0.02 : 1)) continue
          life.to = next
          removeEntity(server, life.entity)
        }
        stage.run()
        // What comes too late is there when it comes.
        const now = Math.min(stage.shownTick(), stage.newestTick())
        const due = lives.filter(({ from, to }) => from <= now && now < to && from < to)
        assert.equal(
          shownMarks(stage),
          due.map((life) => life.mark),
          `seed ${seed}, tick ${stage.tick}`,
        )
      }
      assert.ok(mark > 50)
      assert.is(query(client, [client.Place]).length, 0)
    }
  })

  it('does not write into components', async () => {
    const stage = await openStage({ seed: 6, conditions: line })
    const { server, client } = stage
    const entity = stage.add(100, 5)
    for (let tick = 0; tick < 300; tick++) {
      stage.run(() => void (server.Place.x[entity]! += 0.5))
      const [replica] = query(client, [client.Place, Remote])
      // Whole sixteenths, as they were sent.
      if (replica !== undefined) assert.is((client.Place.x[replica]! * 16) % 1, 0)
    }
  })

  it('throws before replicate, and does nothing on a server', () => {
    const world = createWorld()
    assert.throws(() => InterpolationSystem(world), /InterpolationSystem: call replicate/)
    replicate(world, { Tag: [{}] })
    assert.is(InterpolationSystem(world), world)
  })
})

spec('shown', (it) => {
  it('is a store of the same shape, and the same at each call', () => {
    const Place = { x: [] as number[], y: [] as number[], note: [] as string[] }
    const Turn = { x: [] as number[], y: [] as number[], z: [] as number[], w: [] as number[] }
    const Gauge = new Float32Array(100)
    const Crew = {
      size: new Float64Array(50),
      turn: { x: [], y: [], z: [], w: [] },
      chief: [] as number[],
    }
    const Armour: { kind: string; worn: number }[] = []
    const Speed: number[] = []
    const Name: string[] = []
    const world = createWorld()
    replicate(world, {
      Place: [Place, { x: range(0, 1, 0.1), y: range(0, 1, 0.1) }, { interpolate: true }],
      Turn: [Turn, quaternion(9), { interpolate: true }],
      Gauge: [Gauge, f32, { interpolate: true }],
      Crew: [Crew, { turn: quaternion(9), chief: ref, size: f32 }, { interpolate: true }],
      Armour: [Armour, aos({ kind: oneOf('a', 'b'), worn: angle(8) }), { interpolate: true }],
      Speed: [Speed, u8],
      Name: [Name, text(8), { interpolate: 'step' }],
    })
    const at = shown(world, Place)
    assert.is(shown(world, Place), at)
    assert.is.not(at, Place)
    assert.is.not(at.x, Place.x)
    assert.is(at.note, Place.note)
    assert.equal(Object.keys(shown(world, Turn)), ['x', 'y', 'z', 'w'])
    assert.instance(shown(world, Gauge), Float32Array)
    assert.is(shown(world, Gauge).length, 100)
    assert.is(shown(world, Crew).size.length, 50)
    assert.equal(shown(world, Crew).turn, { x: [], y: [], z: [], w: [] })
    assert.is(shown(world, Crew).chief, Crew.chief)
    assert.ok(Array.isArray(shown(world, Armour)))
    assert.is(shown(world, Speed), Speed)
    assert.is.not(shown(world, Name), Name)
  })

  it('is typed as the component is', () => {
    const world = createWorld({ Place: { x: [] as number[] } })
    replicate(world, { Place: [world.Place, { x: f32 }, { interpolate: true }] })
    const x: number | undefined = shown(world, world.Place).x[1]
    assert.is(x, undefined)
    const other = createWorld({ heat: [] as number[] })
    const Heat = (world: typeof other): { readonly heat: number[] } => world
    const store = Heat(other)
    replicate(other, { Heat: [Heat, { heat: f32 }, { store, interpolate: true }] })
    const heat: number[] = shown(other, Heat).heat
    assert.is(shown(other, store).heat, heat)
  })

  it('throws for what is not declared', () => {
    const world = createWorld()
    assert.throws(() => shown(world, {}), /shown: call replicate/)
    replicate(world, { Tag: [{}] })
    assert.throws(
      () => shown(world, {}),
      /shown: component must be one that replicate has declared/,
    )
  })
})
