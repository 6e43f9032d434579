// What is shown of replicas between their ticks, on the pure level: values through the codec.

import * as assert from 'uvu/assert'
import {
  angle,
  f32,
  f64,
  oneOf,
  quaternion,
  range,
  u8,
} from '../../../src/replication/fieldTypes.ts'
import { type ComponentDeclaration } from '../../../src/replication/SchemaComponent.ts'
import { mulberry32 } from '../../lib/random.ts'
import { spec } from '../../spec.ts'
import { Reel, type ReelOptions, type ShownValues, type Values } from './Reel.ts'

const place: ComponentDeclaration = {
  name: 'Place',
  fields: { x: range(0, 1_000, 1 / 16), y: range(0, 1_000, 1 / 16) },
  interpolate: 'mixed',
}

/** Milliseconds a tick, and ticks between snapshots: the delay is 60 ms on an even line. */
const tickMs = 10
const step = 5

/**
 * Plays entities whose values at snapshots are given, one after the other from tick 105 on, over a line that takes no time. Before, the
 * clock has run for 100 ticks.
 */
class Scene {
  readonly reel: Reel
  tick = 0
  nowMs = 0

  constructor(declarations: readonly ComponentDeclaration[], options: ReelOptions = {}) {
    this.reel = new Reel(declarations, { tickMs, ...options })
    while (this.tick < 100) this.snapshot()
  }

  /** Lets 50 ms pass, frames of 10 ms among them; a snapshot arrives at their end, before the last of them. */
  snapshot(isStalled = false): void {
    for (let frame = 1; frame < step; frame++) this.frame()
    this.nowMs += tickMs
    this.tick += step
    const bytes = this.reel.snapshot(this.tick)
    if (isStalled) this.#stalled.push(bytes)
    else this.reel.take(bytes, this.nowMs)
    this.reel.frame(this.nowMs)
  }

  readonly #stalled: Uint8Array[] = []

  frame(): void {
    this.nowMs += tickMs
    this.reel.frame(this.nowMs)
  }

  /** What has stalled arrives. */
  burst(): void {
    for (const bytes of this.#stalled.splice(0)) this.reel.take(bytes, this.nowMs)
  }
}

/** An entity with these values at ticks 105, 110, …: a function that returns what is shown of it at a tick. */
function play(
  declarations: readonly ComponentDeclaration[],
  values: readonly Values[],
  options?: ReelOptions,
): { readonly scene: Scene; readonly netId: number; readonly at: (tick: number) => ShownValues } {
  const scene = new Scene(declarations, options)
  const netId = scene.reel.add(values[0]!)
  for (const each of values) {
    scene.reel.entities.set(netId, each)
    scene.snapshot()
  }
  return { scene, netId, at: (tick) => scene.reel.at(netId, tick) }
}

const near = (a: number, b: number, within = 1e-9): boolean => Math.abs(a - b) <= within

spec('mixing', (it) => {
  it('mixes numbers between the ticks around the shown one', () => {
    const { at } = play(
      [place],
      [{ Place: [100, 500] }, { Place: [200, 400] }, { Place: [210, 420] }],
    )
    for (const [tick, x, y] of [
      [100, 100, 500],
      [105, 100, 500],
      [106, 120, 480],
      [109.5, 190, 410],
      [110, 200, 400],
      [111, 202, 404],
      [115, 210, 420],
    ] as const) {
      const [shownX, shownY] = at(tick)['Place']!
      assert.ok(near(shownX!, x) && near(shownY!, y), `tick ${tick}: ${shownX}, ${shownY}`)
    }
  })

  it('shows the value exactly, once it stands, and spends nothing on it then', () => {
    const { scene, netId } = play([place], [{ Place: [0.1, 1] }, { Place: [333.3, 777.7] }])
    for (let count = 0; count < 5; count++) scene.snapshot()
    assert.equal(scene.reel.shown.get(netId)!['Place'], [333.3125, 777.6875])
    assert.is(scene.reel.mixer.count, 0)
    scene.frame()
    assert.is(scene.reel.mixed, 0)
  })

  it('stands until the snapshot before the one that moves it', () => {
    const stood = Array.from({ length: 10 }, () => ({ Place: [100, 100] }))
    const { at } = play([place], [...stood, { Place: [200, 100] }])
    assert.is(at(130)['Place']![0], 100)
    assert.is(at(150)['Place']![0], 100)
    assert.ok(near(at(153)['Place']![0]!, 160))
    assert.is(at(155)['Place']![0], 200)
  })

  it('mixes f32 and f64, and switches what is not finite', () => {
    const kinds: ComponentDeclaration = {
      name: 'Kinds',
      fields: { a: f32, b: f64, c: f32, d: f32 },
      interpolate: 'mixed',
    }
    const { at } = play([kinds], [{ Kinds: [1, -1, 5, Infinity] }, { Kinds: [2, 1, Infinity, 5] }])
    const [a, b, c, d] = at(106)['Kinds']!
    assert.ok(near(a!, 1.2) && near(b!, -0.6))
    assert.equal([c, d], [5, Infinity])
    assert.equal(at(110)['Kinds'], [2, 1, Infinity, 5])
  })

  it('turns angles the shortest way, over the end of the circle too', () => {
    const turn: ComponentDeclaration = { name: 'Turn', fields: angle(16), interpolate: 'mixed' }
    for (const [from, to, mixed] of [
      [0.1, 2 * Math.PI - 0.1, 2 * Math.PI - 0.06],
      [2 * Math.PI - 0.1, 0.1, 0.06],
      [1, 1.5, 1.4],
    ] as const) {
      const [angleShown] = play([turn], [{ Turn: [from] }, { Turn: [to] }]).at(109)['Turn']!
      assert.ok(near(angleShown!, mixed, 1e-3), `${from} to ${to}: ${angleShown}`)
      assert.ok(angleShown! >= 0 && angleShown! < 2 * Math.PI)
    }
  })

  it('turns rotations evenly, the shortest way', () => {
    const turn: ComponentDeclaration = {
      name: 'Turn',
      fields: quaternion(20),
      interpolate: 'mixed',
    }
    const random = mulberry32(7)
    for (let round = 0; round < 200; round++) {
      const axis = [random() - 0.5, random() - 0.5, random() - 0.5]
      const length = Math.hypot(...axis)
      const rotation = (angleOf: number): number[] => [
        ...axis.map((each) => (each / length) * Math.sin(angleOf / 2)),
        Math.cos(angleOf / 2),
      ]
      const start = random() * 2 * Math.PI
      const way = ((random() - 0.5) * 40 * Math.PI) / 180
      const { at } = play([turn], [{ Turn: rotation(start) }, { Turn: rotation(start + way) }])
      for (const part of [0.2, 0.4, 0.5, 0.8]) {
        const shown = at(105 + 5 * part)['Turn']!
        const ideal = rotation(start + way * part)
        const dot = Math.abs(shown.reduce((sum, each, axisAt) => sum + each * ideal[axisAt]!, 0))
        const deviation = (2 * Math.acos(Math.min(dot, 1)) * 180) / Math.PI
        assert.ok(deviation < 0.01, `round ${round}: ${deviation}° of ${(way * 180) / Math.PI}°`)
        assert.ok(near(Math.hypot(...shown), 1, 1e-12))
      }
    }
  })

  it('switches whole numbers and names when their time is shown', () => {
    const state: ComponentDeclaration = {
      name: 'State',
      fields: { x: range(0, 10, 1), lives: u8, kind: oneOf('a', 'b', 'c') },
      interpolate: 'mixed',
    }
    const { scene, netId, at } = play([state], [{ State: [0, 7, 1] }, { State: [10, 9, 2] }])
    const switched = (): number[] =>
      [1, 2].map((field) => scene.reel.switched(netId, 'State', field))
    assert.ok(near(at(109)['State']![0]!, 8))
    assert.equal(switched(), [7, 1])
    at(110)
    assert.equal(switched(), [9, 2])
  })

  it("switches a component with 'step' when its time is shown", () => {
    const { scene, netId, at } = play(
      [{ ...place, interpolate: 'step' }],
      [{ Place: [1, 2] }, { Place: [3, 4] }],
    )
    assert.equal(at(109)['Place'], [])
    assert.is(scene.reel.switched(netId, 'Place', 0), 16)
    at(110)
    assert.is(scene.reel.switched(netId, 'Place', 0), 48)
  })

  it('does not mix what is further than the teleport distance, nor carry it on', () => {
    const values = [{ Place: [100, 100] }, { Place: [130, 140] }]
    const { at } = play([place], values, { teleport: { Place: 49.9 } })
    assert.equal(at(109.9)['Place'], [100, 100])
    assert.equal(at(110)['Place'], [130, 140])
    assert.equal(at(115)['Place'], [130, 140])
    const { at: atNear } = play([place], values, { teleport: { Place: 50.1 } })
    assert.equal(atNear(107.5)['Place'], [115, 120])
    assert.equal(atNear(115)['Place'], [160, 180])
  })

  it('shows a component that has come later from its first value on', () => {
    const glow: ComponentDeclaration = {
      name: 'Glow',
      fields: range(0, 1, 0.01),
      interpolate: 'mixed',
    }
    const { at } = play(
      [place, glow],
      [
        { Place: [0, 0] },
        { Place: [50, 0], Glow: [0.5] },
        { Place: [100, 0], Glow: [1] },
        { Place: [100, 0] },
      ],
    )
    assert.ok(near(at(107)['Place']![0]!, 20))
    assert.equal(at(107)['Glow'], [0.5])
    assert.ok(near(at(112)['Glow']![0]!, 0.7))
    assert.equal(at(118)['Glow'], [1])
    assert.is(at(120)['Glow'], undefined)
  })

  it('carries the last difference on for 120 ms, inside the range, then stands', () => {
    const values = [{ Place: [900, 100] }, { Place: [950, 150] }]
    const { scene, netId } = play([place], values)
    const seen: number[][] = []
    while (seen.length < 40) {
      scene.frame()
      seen.push([...scene.reel.shown.get(netId)!['Place']!])
    }
    const last = seen.at(-1)!
    assert.ok(near(last[1]!, 150 + 120), `${last[1]}`)
    assert.is(last[0], 1_000)
    assert.ok(seen.some(([x, y]) => x === 1_000 && y! < 270))
    assert.equal(seen.at(-2), last)
  })

  it('fades to where it is after a burst, by 20 % of the way in a frame at most, and arrives exactly', () => {
    const scene = new Scene([place])
    const netId = scene.reel.add({ Place: [0, 100] })
    let x = 0
    const move = (isStalled: boolean, way: number): void => {
      scene.reel.entities.set(netId, { Place: [(x += way), 100] })
      scene.snapshot(isStalled)
    }
    for (let count = 0; count < 10; count++) move(false, 10)
    // It turns round while nothing comes, and is carried on the wrong way.
    for (let count = 0; count < 3; count++) move(true, -10)
    const before = scene.reel.shown.get(netId)!['Place']![0]!
    assert.ok(scene.reel.clock.shownTick > scene.reel.clock.newestTick)
    scene.burst()
    scene.frame()
    const after = scene.reel.shown.get(netId)!['Place']![0]!
    const missed = before - x
    assert.ok(after < before, 'it goes back')
    assert.ok(before - after < 0.2 * missed + 2, `${before} to ${after} of ${x}`)
    for (let count = 0; count < 30; count++) scene.snapshot()
    assert.equal(scene.reel.shown.get(netId)!['Place'], [x, 100])
    assert.is(scene.reel.mixer.count, 0)
  })

  it('fades to where it is when the clock is set after a long stall', () => {
    const scene = new Scene([place])
    const netId = scene.reel.add({ Place: [0, 100] })
    let x = 0
    const move = (isStalled: boolean): void => {
      scene.reel.entities.set(netId, { Place: [(x += 10), 100] })
      scene.snapshot(isStalled)
    }
    for (let count = 0; count < 20; count++) move(false)
    for (let count = 0; count < 12; count++) move(true)
    const before = scene.reel.shown.get(netId)!['Place']![0]!
    scene.burst()
    scene.frame()
    assert.ok(scene.reel.clock.isJump)
    const after = scene.reel.shown.get(netId)!['Place']![0]!
    const missed = (scene.reel.clock.shownTick - 200) * 2 + 200 - before
    assert.ok(missed > 60, `missed ${missed}`)
    assert.ok(
      after > before && after - before < 0.2 * missed,
      `${before} to ${after}, missed ${missed}`,
    )
  })

  it('does not fade over more than the teleport distance', () => {
    const scene = new Scene([place], { teleport: { Place: 15 } })
    const netId = scene.reel.add({ Place: [0, 100] })
    let x = 0
    const move = (isStalled: boolean, way: number): void => {
      scene.reel.entities.set(netId, { Place: [(x += way), 100] })
      scene.snapshot(isStalled)
    }
    for (let count = 0; count < 10; count++) move(false, 10)
    for (let count = 0; count < 3; count++) move(true, -10)
    scene.burst()
    scene.frame()
    const faded = scene.reel.shown.get(netId)!['Place']![0]!
    assert.is(faded, scene.reel.at(netId, scene.reel.clock.shownTick)['Place']![0])
  })

  it('does not fade after the page was hidden', () => {
    const scene = new Scene([place])
    const netId = scene.reel.add({ Place: [0, 0] })
    scene.snapshot()
    for (let count = 1; count <= 40; count++) {
      scene.reel.entities.set(netId, { Place: [count * 10, 0] })
      scene.tick += step
      scene.nowMs += 50
      scene.reel.take(scene.reel.snapshot(scene.tick), scene.nowMs)
    }
    scene.frame()
    const shownTick = scene.reel.clock.shownTick
    const due = 400 - (scene.tick - shownTick) * 2
    assert.ok(near(scene.reel.shown.get(netId)!['Place']![0]!, due, 1e-6))
  })

  it('does not jump when its turn has come late because snapshots were full', () => {
    const scene = new Scene([place], { bytesMax: 64 })
    const netIds = Array.from({ length: 60 }, () => scene.reel.add({ Place: [500, 500] }))
    for (let count = 0; count < 30; count++) scene.snapshot()
    const lastX = new Map<number, number>()
    let most = 0
    for (let count = 1; count <= 40; count++) {
      for (const netId of netIds)
        scene.reel.entities.set(netId, { Place: [500 + count * 5, 500 - count * 5] })
      scene.snapshot()
      for (const netId of netIds) {
        const x = scene.reel.shown.get(netId)!['Place']![0]!
        most = Math.max(most, Math.abs(x - (lastX.get(netId) ?? x)))
        lastX.set(netId, x)
      }
    }
    assert.ok(scene.reel.view.waiting > 0, 'snapshots are full')
    // Between the snapshots of 50 ms it goes 5 by itself.
    assert.ok(most < 30, `a way of ${most}`)
  })
})
