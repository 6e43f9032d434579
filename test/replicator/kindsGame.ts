// A world with a field of each type, and how it looks as data.

import {
  addComponent,
  createRelation,
  createWorld,
  type EntityId,
  getRelationTargets,
  hasComponent,
  query,
  type Relation,
  type World,
} from 'bitecs'
import {
  angle,
  aos,
  bits,
  bool,
  f32,
  f64,
  i16,
  i32,
  i8,
  netIdOf,
  oneOf,
  OwnedBy,
  quaternion,
  range,
  ref,
  Remote,
  replicate,
  text,
  u16,
  u32,
  u8,
} from 'bitecs-networking/replication'

/** Made by hand, by docs/replication-protocol.md: the hash must be that of the library. */
export const kindsSchema = `Place x:range(0,1600,0.0625) y:range(-5,5,0.1) interpolate
Heading :angle(10) step
Turn :quaternion(9) interpolate
Tiny a:i8 b:u8 c:i16 d:u16
Wide a:i32 b:u32
Exact a:f32 b:f64
Flags on:bool few:bits(5)
Kind :oneOf(none,"a b","say \\"c\\"",d.e-f)
Name :text(24)
Ammo shots:u16 owner
Rumour level:u8 others
Burning
"odd name"
Armour kind:oneOf(light,heavy) worn:bool
Target :ref
ChildOf :relation`

const names = ['none', 'a b', 'say "c"', 'd.e-f'] as const
const armours = ['light', 'heavy'] as const
const numbers = (): number[] => []

interface Stores {
  Place: { x: number[]; y: number[] }
  Heading: number[]
  Turn: { x: number[]; y: number[]; z: number[]; w: number[] }
  Tiny: { a: number[]; b: number[]; c: number[]; d: number[] }
  Wide: { a: number[]; b: number[] }
  Exact: { a: number[]; b: number[] }
  Flags: { on: boolean[]; few: number[] }
  Kind: string[]
  Name: string[]
  Ammo: { shots: number[] }
  Rumour: { level: number[] }
  Burning: object
  'odd name': object
  Armour: { kind: string; worn: boolean }[]
  Target: number[]
  ChildOf: Relation<object>
}

export type KindsWorld = World<Stores>
/** The components but the relation. */
export const plainKinds = [
  'Place',
  'Heading',
  'Turn',
  'Tiny',
  'Wide',
  'Exact',
  'Flags',
  'Kind',
  'Name',
  'Ammo',
  'Rumour',
  'Burning',
  'odd name',
  'Armour',
  'Target',
] as const
type PlainKind = (typeof plainKinds)[number]

export function createKindsWorld(): KindsWorld {
  const world = createWorld({
    Place: { x: numbers(), y: numbers() },
    Heading: numbers(),
    Turn: { x: numbers(), y: numbers(), z: numbers(), w: numbers() },
    Tiny: { a: numbers(), b: numbers(), c: numbers(), d: numbers() },
    Wide: { a: numbers(), b: numbers() },
    Exact: { a: numbers(), b: numbers() },
    Flags: { on: [] as boolean[], few: numbers() },
    Kind: [] as string[],
    Name: [] as string[],
    Ammo: { shots: numbers() },
    Rumour: { level: numbers() },
    Burning: {},
    'odd name': {},
    Armour: [] as { kind: string; worn: boolean }[],
    Target: numbers(),
    ChildOf: createRelation() as Relation<object>,
  })
  replicate(world, {
    Place: [
      world.Place,
      { x: range(0, 1600, 1 / 16), y: range(-5, 5, 0.1) },
      { interpolate: true, teleport: 100 },
    ],
    Heading: [world.Heading, angle(10), { interpolate: 'step' }],
    Turn: [world.Turn, quaternion(9), { interpolate: true }],
    Tiny: [world.Tiny, { a: i8, b: u8, c: i16, d: u16 }, { priority: 2 }],
    Wide: [world.Wide, { a: i32, b: u32 }],
    Exact: [world.Exact, { a: f32, b: f64 }],
    Flags: [world.Flags, { on: bool, few: bits(5) }],
    Kind: [world.Kind, oneOf(...names)],
    Name: [world.Name, text(24)],
    Ammo: [world.Ammo, { shots: u16 }, { to: 'owner' }],
    Rumour: [world.Rumour, { level: u8 }, { to: 'others' }],
    Burning: [world.Burning],
    'odd name': [world['odd name']],
    Armour: [world.Armour, aos({ kind: oneOf(...armours), worn: bool })],
    Target: [world.Target, ref],
    ChildOf: [world.ChildOf],
  })
  return world
}

/** Writes random values: often near the ones before, as in games. */
export function fillKind(
  world: KindsWorld,
  entity: EntityId,
  kind: PlainKind,
  random: () => number,
  targets: readonly EntityId[],
): void {
  const below = (count: number): number => Math.floor(random() * count)
  /** A step up to 2 or up to 200 away, or any value. */
  const next = (store: number[], low: number, high: number, wrap = false): void => {
    const size = high - low + 1
    const before = store[entity] ?? low
    const far = [2, 200][below(3)]
    const value = far === undefined ? low + below(size) : before + below(2 * far + 1) - far
    store[entity] = wrap
      ? low + ((((value - low) % size) + size) % size)
      : Math.min(Math.max(value, low), high)
  }
  if (kind === 'Place') {
    next(world.Place.x, -10, 1_620)
    next(world.Place.y, -6, 6)
  } else if (kind === 'Heading') world.Heading[entity] = random() * 2 * Math.PI
  else if (kind === 'Turn') {
    const parts = Array.from({ length: 4 }, () => random() - 0.5)
    const size = Math.hypot(...parts)
    for (const [index, axis] of (['x', 'y', 'z', 'w'] as const).entries())
      world.Turn[axis][entity] =
        below(2) === 0 && world.Turn[axis][entity] !== undefined
          ? world.Turn[axis][entity] + parts[index]! / 50
          : parts[index]! / size
  } else if (kind === 'Tiny') {
    next(world.Tiny.a, -128, 127)
    next(world.Tiny.b, 0, 255)
    next(world.Tiny.c, -32_768, 32_767)
    next(world.Tiny.d, 0, 65_535)
  } else if (kind === 'Wide') {
    next(world.Wide.a, -(2 ** 31), 2 ** 31 - 1, true)
    next(world.Wide.b, 0, 2 ** 32 - 1, true)
  } else if (kind === 'Exact') {
    world.Exact.a[entity] = Math.fround(random())
    world.Exact.b[entity] = [random(), -random() * 1e300, -0, 2 ** 53][below(4)]!
  } else if (kind === 'Flags') {
    world.Flags.on[entity] = random() < 0.5
    world.Flags.few[entity] = below(32)
  } else if (kind === 'Kind') world.Kind[entity] = names[below(4)]!
  else if (kind === 'Name')
    world.Name[entity] = ['', 'Ada', 'Zoë', 'ships 🚀', 'x'.repeat(24)][below(5)]!
  else if (kind === 'Ammo') next(world.Ammo.shots, 0, 65_535)
  else if (kind === 'Rumour') next(world.Rumour.level, 0, 255)
  else if (kind === 'Armour')
    world.Armour[entity] = { kind: armours[below(2)]!, worn: random() < 0.5 }
  else if (kind === 'Target')
    world.Target[entity] = random() < 0.2 ? 0 : (targets[below(targets.length)] ?? 0)
}

export function addKind(
  world: KindsWorld,
  entity: EntityId,
  kind: PlainKind,
  random: () => number,
  targets: readonly EntityId[],
): void {
  fillKind(world, entity, kind, random, targets)
  addComponent(world, entity, world[kind])
}

/** What a client has, by net id, in the form of decoder.py. */
export function kindsState(world: KindsWorld, socket: EntityId): Record<string, unknown> {
  const id = (entity: EntityId): number => (entity === 0 ? 0 : netIdOf(world, entity))
  const state: Record<string, unknown> = {}
  for (const entity of query(world, [Remote])) {
    const components: Record<string, unknown> = {}
    const fields = (stores: Readonly<Record<string, readonly unknown[]>>): object =>
      Object.fromEntries(Object.entries(stores).map(([name, store]) => [name, store[entity]]))
    const seen: Record<PlainKind, () => unknown> = {
      Place: () => fields(world.Place),
      Heading: () => ({ '': world.Heading[entity] }),
      Turn: () => ({
        '': [world.Turn.x, world.Turn.y, world.Turn.z, world.Turn.w].map((it) => it[entity]),
      }),
      Tiny: () => fields(world.Tiny),
      Wide: () => fields(world.Wide),
      Exact: () => fields(world.Exact),
      Flags: () => fields(world.Flags),
      Kind: () => ({ '': world.Kind[entity] }),
      Name: () => ({ '': world.Name[entity] }),
      Ammo: () => fields(world.Ammo),
      Rumour: () => fields(world.Rumour),
      Burning: () => ({}),
      'odd name': () => ({}),
      Armour: () => world.Armour[entity],
      Target: () => ({ '': id(world.Target[entity]!) }),
    }
    for (const kind of plainKinds)
      if (hasComponent(world, entity, world[kind])) components[kind] = seen[kind]()
    // What leaves is a target as long as it is shown.
    const targets = getRelationTargets(world, entity, world.ChildOf)
      .map(id)
      .filter((target) => target > 0)
    if (targets.length > 0) components['ChildOf'] = { '': targets.sort((a, b) => a - b) }
    state[netIdOf(world, entity)] = {
      owned: hasComponent(world, entity, OwnedBy(socket)),
      components,
    }
  }
  return state
}
