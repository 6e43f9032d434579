// A world with a component of each kind, what a client should see of it, and random changes of it.

import {
  addComponent,
  addEntity,
  createRelation,
  createWorld,
  type EntityId,
  entityExists,
  getRelationTargets,
  hasComponent,
  query,
  type Relation,
  removeComponent,
  removeEntity,
  type World,
} from 'bitecs'
import {
  aos,
  bool,
  entityOf,
  f64,
  i32,
  netIdOf,
  oneOf,
  OwnedBy,
  quaternion,
  range,
  ref,
  Remote,
  Replicated,
  replicate,
  text,
  u16,
} from 'bitecs-networking/replication'
import * as assert from 'uvu/assert'

const numbers = (): number[] => []

interface ModelStores {
  Place: { x: number[]; y: number[] }
  Hue: number[]
  Name: string[]
  Secret: { code: number[] }
  Rumour: { code: number[]; exact: number[] }
  Burning: object
  Target: number[]
  Armour: { kind: string; worn: boolean }[]
  Turn: { x: number[]; y: number[]; z: number[]; w: number[] }
  Typed: { speed: Float32Array }
  ChildOf: Relation<object>
}

export type ModelWorld = World<ModelStores>

export function createModelWorld(): ModelWorld {
  const world = createWorld({
    Place: { x: numbers(), y: numbers() },
    Hue: numbers(),
    Name: [] as string[],
    Secret: { code: numbers() },
    Rumour: { code: numbers(), exact: numbers() },
    Burning: {},
    Target: numbers(),
    Armour: [] as { kind: string; worn: boolean }[],
    Turn: { x: numbers(), y: numbers(), z: numbers(), w: numbers() },
    Typed: { speed: new Float32Array(10_000) },
    ChildOf: createRelation() as Relation<object>,
  })
  const { Place, Hue, Name, Secret, Rumour, Burning, Target, Armour, Turn, Typed, ChildOf } = world
  replicate(world, {
    Place: [Place, { x: range(0, 1600, 1 / 16), y: range(-5, 5, 0.1) }, { interpolate: true }],
    Hue: [Hue, u16],
    Name: [Name, text(16)],
    Secret: [Secret, { code: i32 }, { to: 'owner' }],
    Rumour: [Rumour, { code: i32, exact: f64 }, { to: 'others' }],
    Burning: [Burning],
    Target: [Target, ref],
    Armour: [Armour, aos({ kind: oneOf('none', 'light', 'heavy'), worn: bool })],
    Turn: [Turn, quaternion(9)],
    Typed: [Typed],
    ChildOf: [ChildOf],
  })
  return world
}

const plain = [
  'Place',
  'Hue',
  'Name',
  'Secret',
  'Rumour',
  'Burning',
  'Target',
  'Armour',
  'Turn',
  'Typed',
] as const
type Plain = (typeof plain)[number]

/** What is written of an entity, in the host's terms. */
export class Model {
  readonly world: ModelWorld
  readonly #random: () => number

  constructor(world: ModelWorld, random: () => number) {
    this.world = world
    this.#random = random
  }

  below(count: number): number {
    return Math.floor(this.#random() * count)
  }

  chance(part: number): boolean {
    return this.#random() < part
  }

  pick<T>(from: ArrayLike<T>): T | undefined {
    return from[this.below(from.length)]
  }

  replicated(): EntityId[] {
    return [...query(this.world, [Replicated])]
  }

  /** One random change. `sockets` are those that can own. */
  change(sockets: readonly EntityId[]): string {
    const { world } = this
    const entities = this.replicated().filter((entity) => !sockets.includes(entity))
    const entity = this.pick(entities)
    const kind = this.below(20)
    if (entity === undefined || (kind < 3 && entities.length < 60)) return this.#spawn()
    if (kind === 3) {
      removeEntity(world, entity)
      return `remove ${entity}`
    }
    if (kind === 4) {
      removeEntity(world, entity)
      return `recycle ${entity}: ${this.#spawn()}`
    }
    if (kind === 5) {
      removeComponent(world, entity, Replicated)
      if (this.chance(0.7)) addComponent(world, entity, Replicated)
      else removeEntity(world, entity)
      return `again ${entity}`
    }
    if (kind < 8) return this.#toggle(entity)
    if (kind === 8) return this.#own(entity, sockets)
    if (kind < 11) return this.#relate(entity)
    return this.#write(entity)
  }

  #spawn(): string {
    const entity = addEntity(this.world)
    for (const name of plain) if (this.chance(0.5)) this.#add(entity, name)
    addComponent(this.world, entity, Replicated)
    return `spawn ${entity}`
  }

  #add(entity: EntityId, name: Plain): void {
    this.#fill(entity, name)
    addComponent(this.world, entity, this.world[name])
  }

  #toggle(entity: EntityId): string {
    const name = this.pick(plain)!
    if (hasComponent(this.world, entity, this.world[name]))
      removeComponent(this.world, entity, this.world[name])
    else this.#add(entity, name)
    return `toggle ${name} ${entity}`
  }

  #write(entity: EntityId): string {
    const name = this.pick(plain)!
    if (hasComponent(this.world, entity, this.world[name])) this.#fill(entity, name)
    return `write ${name} ${entity}`
  }

  #own(entity: EntityId, sockets: readonly EntityId[]): string {
    const owner = this.pick(sockets)
    for (const socket of sockets)
      if (hasComponent(this.world, entity, OwnedBy(socket)))
        removeComponent(this.world, entity, OwnedBy(socket))
    if (owner !== undefined && this.chance(0.7)) addComponent(this.world, entity, OwnedBy(owner))
    return `own ${entity} ${owner}`
  }

  #relate(entity: EntityId): string {
    const { world } = this
    const others = [...query(world, [Replicated])].filter((other) => other !== entity)
    const target = this.pick(others)
    if (target === undefined) return 'nothing'
    const pair = world.ChildOf(target)
    if (hasComponent(world, entity, pair)) removeComponent(world, entity, pair)
    // bitECS 0.4 loses count where two point to each other.
    else if (
      getRelationTargets(world, entity, world.ChildOf).length < 8 &&
      !hasComponent(world, target, world.ChildOf(entity))
    )
      addComponent(world, entity, pair)
    return `relate ${entity} ${target}`
  }

  #fill(entity: EntityId, name: Plain): void {
    const { world } = this
    const whole = (count: number): number => this.below(count)
    if (name === 'Place') {
      world.Place.x[entity] = this.#random() * 1700 - 50
      world.Place.y[entity] = this.#random() * 11 - 5.5
    } else if (name === 'Hue') world.Hue[entity] = whole(0x10000)
    else if (name === 'Name')
      world.Name[entity] = ['', 'Ada', 'Zoë', 'ships 🚀', 'x'.repeat(40)][whole(5)]!
    else if (name === 'Secret') world.Secret.code[entity] = whole(2 ** 32) - 2 ** 31
    else if (name === 'Rumour') {
      world.Rumour.code[entity] = whole(100) - 50
      world.Rumour.exact[entity] = this.#random()
    } else if (name === 'Target') {
      const others = this.replicated()
      world.Target[entity] = this.chance(0.2) ? 0 : (this.pick(others) ?? 0)
    } else if (name === 'Armour')
      world.Armour[entity] = { kind: ['none', 'light', 'heavy'][whole(3)]!, worn: this.chance(0.5) }
    else if (name === 'Turn') {
      const angle = (whole(16) * Math.PI) / 8
      Object.entries({ x: 0, y: Math.sin(angle), z: 0, w: Math.cos(angle) }).forEach(
        ([axis, value]) => (world.Turn[axis as 'x'][entity] = value),
      )
    } else if (name === 'Typed') world.Typed.speed[entity] = this.#random()
  }
}

const cutTo16 = (value: string): string => {
  let kept = ''
  for (const letter of value) {
    if (Buffer.byteLength(kept + letter) > 16) break
    kept += letter
  }
  return kept
}

const steps = (value: number, min: number, max: number, step: number): number => {
  const count = Math.floor((value - min) / step + 0.5)
  return Math.min(min + Math.min(Math.max(count, 0), Math.round((max - min) / step)) * step, max)
}

/** What an entity has, as a client sees it: a text for each component. */
function describe(
  world: ModelWorld,
  entity: EntityId,
  isOwner: boolean,
  isHost: boolean,
  name: (entity: EntityId) => string,
): Record<string, string> {
  const seen: Record<string, string> = {}
  const has = (component: object): boolean => hasComponent(world, entity, component)
  const { Place, Hue, Name, Secret, Rumour, Burning, Target, Armour, Turn, Typed, ChildOf } = world
  if (has(Place)) {
    const [x, y] = [Place.x[entity]!, Place.y[entity]!]
    const shown = isHost ? [steps(x, 0, 1600, 1 / 16), steps(y, -5, 5, 0.1)] : [x, y]
    seen['Place'] = shown
      .map((each) => each.toFixed(6))
      .join(' ')
      .replaceAll('-0.000000', '0.000000')
  }
  if (has(Hue)) seen['Hue'] = String(Hue[entity])
  if (has(Name)) seen['Name'] = isHost ? cutTo16(Name[entity]!) : Name[entity]!
  if (has(Secret) && isOwner) seen['Secret'] = String(Secret.code[entity])
  if (has(Rumour) && !isOwner) seen['Rumour'] = `${Rumour.code[entity]} ${Rumour.exact[entity]}`
  if (has(Burning)) seen['Burning'] = 'yes'
  if (has(Target)) seen['Target'] = name(Target[entity]!)
  if (has(Armour)) seen['Armour'] = `${Armour[entity]!.kind} ${Armour[entity]!.worn}`
  if (has(Turn)) {
    // A rotation and its negative are the same.
    const [x, y, z, w] = [Turn.x, Turn.y, Turn.z, Turn.w].map((axis) => axis[entity]!)
    seen['Turn'] = `${x! + z!} ${Math.round(Math.abs(y!) * 10)} ${Math.round(Math.abs(w!) * 10)}`
  }
  if (has(Typed)) seen['Typed'] = String(Typed.speed[entity])
  const targets = getRelationTargets(world, entity, ChildOf)
    .map(name)
    .filter((each) => each !== '0')
  if (targets.length > 0) seen['ChildOf'] = targets.sort().join(' ')
  if (isOwner) seen['OwnedBy'] = 'me'
  return seen
}

export interface Seen {
  readonly world: ModelWorld
  readonly socket: EntityId
  readonly accepted: EntityId
  /** Net ids that were removed here. */
  readonly removed: Set<number>
  /** What its interest function shows. */
  readonly visible: Set<EntityId>
}

/** Checks that a client sees exactly what it should. */
export function checkSeen(host: ModelWorld, client: Seen, context: string): void {
  const { world, socket, accepted, removed, visible } = client
  const isOwned = (entity: EntityId): boolean =>
    entity === accepted || hasComponent(host, entity, OwnedBy(accepted))
  const all = query(host, [Replicated]).filter(
    (entity) => entityExists(host, entity) && (visible.has(entity) || isOwned(entity)),
  )
  const ids = new Set([...all].map((entity) => netIdOf(host, entity)))
  for (const netId of removed) if (!ids.has(netId)) removed.delete(netId)
  const expected = new Map<number, Record<string, string>>()
  const nameAtHost = (entity: EntityId): string => {
    const netId = entity === 0 ? 0 : netIdOf(host, entity)
    return ids.has(netId) && !removed.has(netId) ? String(netId) : '0'
  }
  for (const entity of all) {
    const netId = netIdOf(host, entity)
    if (!removed.has(netId))
      expected.set(netId, describe(host, entity, isOwned(entity), true, nameAtHost))
  }
  const found = new Map<number, Record<string, string>>()
  const nameHere = (entity: EntityId): string => String(entity === 0 ? 0 : netIdOf(world, entity))
  for (const entity of query(world, [Remote])) {
    const netId = netIdOf(world, entity)
    assert.is(entityOf(world, netId), entity, context)
    assert.not.ok(found.has(netId), `${context}: twice ${netId}`)
    const isOwner = hasComponent(world, entity, OwnedBy(socket))
    found.set(netId, describe(world, entity, isOwner, false, nameHere))
  }
  for (const netId of new Set([...found.keys(), ...expected.keys()]))
    assert.equal(found.get(netId), expected.get(netId), `entity ${netId}; ${context}`)
}
