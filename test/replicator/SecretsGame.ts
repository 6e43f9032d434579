// A game in which clients may see some entities and not others, all of them with values that are found in any packet.

import {
  addComponent,
  addEntity,
  createRelation,
  createWorld,
  type EntityId,
  hasComponent,
  type Relation,
  removeComponent,
  removeEntity,
  type World,
} from 'bitecs'
import { destroySocket } from 'bitecs-networking'
import {
  f64,
  Joined,
  netIdOf,
  OwnedBy,
  ref,
  Replicated,
  replicate,
  Replication,
  ReplicationSystem,
  text,
  u16,
  u32,
} from 'bitecs-networking/replication'
import { observeTraffic } from 'bitecs-networking/traffic'
import * as assert from 'uvu/assert'
import { mulberry32 } from '../lib/random.ts'
import { bitsOf, netIdBitsOf, PlantedBits, vuOf } from './PlantedBits.ts'
import { type Guest, Troupe } from './Troupe.ts'

/** What is planted, and may be seen by all that see the entity, by its owner alone, or by all others. */
const audiences = {
  name: 'all',
  exact: 'all',
  wide: 'all',
  relation: 'all',
  secret: 'owner',
  rumour: 'others',
} as const
export type Planted = keyof typeof audiences
export const planted = Object.keys(audiences) as Planted[]

/** What the game does wrong, so that something must be found. */
type Fault = 'shows what is hidden' | 'sends to all'

export interface SecretsOptions {
  readonly seed: number
  readonly snapshots: number
  readonly bytesPerSnapshot: number
  readonly fault?: Fault
  /** What the first client must never receive follows from this as well. */
  readonly salt?: number
}

interface Stores {
  Name: string[]
  Exact: number[]
  Wide: { a: number[]; b: number[] }
  Near: number[]
  Aim: number[]
  Kin: Relation<object>
  Secret: { code: number[] }
  Rumour: { code: number[] }
}
type SecretsWorld = World<Stores>

function createSecretsWorld(isToAll: boolean): SecretsWorld {
  const world = createWorld({
    Name: [] as string[],
    Exact: [] as number[],
    Wide: { a: [] as number[], b: [] as number[] },
    Near: [] as number[],
    Aim: [] as number[],
    Kin: createRelation() as Relation<object>,
    Secret: { code: [] as number[] },
    Rumour: { code: [] as number[] },
  })
  replicate(world, {
    Name: [world.Name, text(24)],
    Exact: [world.Exact, f64],
    Wide: [world.Wide, { a: u32, b: u32 }],
    Near: [world.Near, u16],
    Aim: [world.Aim, ref],
    Kin: [world.Kin],
    Secret: [world.Secret, { code: f64 }, isToAll ? {} : { to: 'owner' }],
    Rumour: [world.Rumour, { code: f64 }, isToAll ? {} : { to: 'others' }],
  })
  return world
}

interface Player {
  readonly guest: Guest<SecretsWorld>
  /** All that is sent to it, one after the other. */
  readonly packets: string[]
}

interface Being {
  readonly entity: EntityId
  readonly number: number
  readonly seenBy: Set<Player>
  owner: Player | undefined
  /** Values that the first client may see. */
  readonly open: () => number
  /** The others. */
  readonly closed: () => number
  kin: EntityId[]
  /** The bits of its relation that were planted last. */
  kinBits: string
}

interface Place {
  readonly being: Being
  readonly kind: Planted
}

/** The first client never sees these. */
const isVeiled = (number: number): boolean => number % 3 === 0
/** The first client may own these. */
const isOwnable = (number: number): boolean => number % 3 === 2

/** What was found. */
export interface Found {
  /** Times that something planted stood in a packet to a client that may see it. */
  readonly seen: Record<Planted, number>
  /** And in one to another client. */
  readonly leaked: Record<Planted, number>
  /** Of each client, what was sent to it. */
  readonly packets: readonly (readonly string[])[]
}

const counts = (): Record<Planted, number> =>
  Object.fromEntries(planted.map((kind) => [kind, 0])) as Record<Planted, number>

class SecretsGame {
  readonly players: Player[] = []
  readonly seen: Record<Planted, number> = counts()
  readonly leaked: Record<Planted, number> = counts()
  readonly #options: SecretsOptions
  readonly #random: () => number
  readonly #beings = new Set<Being>()
  readonly #planted = new PlantedBits<Place>()
  #made = 0

  constructor(options: SecretsOptions) {
    this.#options = options
    this.#random = mulberry32(options.seed)
  }

  interest(socket: EntityId): EntityId[] {
    const player = this.players.find(({ guest }) => guest.accepted === socket)
    const isWrong = this.#options.fault === 'shows what is hidden'
    return [...this.#beings]
      .filter(({ seenBy }) => isWrong || (player !== undefined && seenBy.has(player)))
      .map(({ entity }) => entity)
  }

  run(troupe: Troupe<SecretsWorld>): void {
    const { host } = troupe
    const { players } = this
    observeTraffic(host, {
      sent: (messages) => {
        for (const { socket, bytes } of messages) this.#inspect(socket, bytes)
      },
    })
    for (let count = 0; count < 20; count++) this.#spawn(host)
    this.#join(troupe)
    for (let count = 0; count < this.#options.snapshots; count++) {
      if (count === 10 || count === 25) this.#join(troupe)
      if (count % 40 === 39) this.#reconnect(troupe, players[this.#below(players.length)]!)
      this.#change(host)
      ReplicationSystem(host, ++troupe.tick)
      // They have net ids now, and packets are looked at in the host's next tick.
      this.#plantRelations(host)
      troupe.pass(3)
      for (const { guest } of players) ReplicationSystem(guest.world)
      troupe.pass(1)
    }
    // Nothing was sent that was not looked at.
    for (const { guest, packets } of players)
      assert.ok(packets.length >= Replication(guest.world).snapshotsIn[guest.socket]!)
  }

  /** Looks for what was planted in a message of the host. */
  #inspect(socket: EntityId, bytes: Uint8Array): void {
    // There is none while a client joins for the first time.
    const player = this.players.find(({ guest }) => guest.accepted === socket)
    player?.packets.push(Buffer.from(bytes).toString('hex'))
    for (const places of this.#planted.find(bytes)) {
      const isRight = player !== undefined && places.some((place) => this.#mayRead(player, place))
      const found = isRight ? this.seen : this.leaked
      found[places[0]!.kind]++
    }
  }

  #mayRead(player: Player, { being, kind }: Place): boolean {
    const isOwner = being.owner === player
    if (!this.#beings.has(being) || !(isOwner || being.seenBy.has(player))) return false
    const audience = audiences[kind]
    return audience === 'all' || (audience === 'owner') === isOwner
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count)
  }

  #change(host: SecretsWorld): void {
    const all = [...this.#beings]
    const any = (): Being => all[this.#below(all.length)]!
    for (let changes = 0; changes < 10; changes++) this.#write(host, any())
    this.#own(host, any())
    for (let changes = 0; changes < 2; changes++) this.#relate(host, any())
    if (this.#random() < 0.4) {
      this.#remove(host, any())
      // With the id of the one before.
      this.#spawn(host)
    }
    for (const player of this.players) this.#look(player)
  }

  #spawn(host: SecretsWorld): void {
    const { seed, salt = 0 } = this.#options
    const entity = addEntity(host)
    const number = this.#made++
    const drawn = (isSalted: boolean): (() => number) =>
      mulberry32((seed * 31 + number * 7_919 + (isSalted ? salt * 104_729 : 0)) | 0)
    const being: Being = {
      entity,
      number,
      seenBy: new Set(),
      owner: undefined,
      open: drawn(isVeiled(number)),
      closed: drawn(!isOwnable(number)),
      kin: [],
      kinBits: '',
    }
    this.#beings.add(being)
    const { Name, Exact, Wide, Near, Aim, Secret, Rumour } = host
    for (const each of [Name, Exact, Wide, Near, Aim, Secret, Rumour])
      addComponent(host, entity, each)
    host.Name[entity] = ''
    for (const store of [Exact, Wide.a, Wide.b, Near, Aim, Secret.code, Rumour.code])
      store[entity] = 0
    for (let writes = 0; writes < 8; writes++) this.#write(host, being)
    addComponent(host, entity, Replicated)
  }

  #remove(host: SecretsWorld, being: Being): void {
    this.#beings.delete(being)
    for (const other of this.#beings)
      other.kin = other.kin.filter((target) => target !== being.entity)
    removeEntity(host, being.entity)
  }

  #write(host: SecretsWorld, being: Being): void {
    const { entity, open, closed } = being
    const roll = Math.floor(open() * 6)
    if (roll === 0) {
      const size = 9 + Math.floor(open() * 10)
      const letters = Array.from({ length: size }, () => 97 + Math.floor(open() * 26))
      host.Name[entity] = String.fromCharCode(...letters)
      this.#planted.plant(bitsOf(Uint8Array.from(letters)), { being, kind: 'name' })
    } else if (roll === 1) host.Exact[entity] = this.#plantNumber(being, 'exact', open)
    else if (roll === 2) {
      const pair = Uint32Array.of(open() * 2 ** 32, open() * 2 ** 32)
      host.Wide.a[entity] = pair[0]!
      host.Wide.b[entity] = pair[1]!
      this.#planted.plant(bitsOf(new Uint8Array(pair.buffer)), { being, kind: 'wide' })
    } else if (roll === 3) {
      host.Near[entity] = Math.floor(open() * 100)
      const others = [...this.#beings].filter((other) => other !== being)
      host.Aim[entity] = others[Math.floor(open() * others.length)]?.entity ?? 0
    } else if (roll === 4) host.Secret.code[entity] = this.#plantNumber(being, 'secret', closed)
    else host.Rumour.code[entity] = this.#plantNumber(being, 'rumour', open)
  }

  #plantNumber(being: Being, kind: Planted, draw: () => number): number {
    const value = (draw() - 0.5) * 2 ** 40 + draw()
    const bytes = new Uint8Array(Float64Array.of(value).buffer)
    this.#planted.plant(bitsOf(bytes), { being, kind })
    return value
  }

  #relate(host: SecretsWorld, being: Being): void {
    const { entity, open, number } = being
    for (const target of being.kin) removeComponent(host, entity, host.Kin(target))
    // Only to older ones: bitECS 0.4 loses count where two point to each other.
    const older = [...this.#beings].filter((other) => other.number < number)
    const from = Math.floor(open() * Math.max(older.length - 8, 1))
    being.kin = older
      .slice(from, from + 8)
      .filter(() => open() < 0.7)
      .map((other) => other.entity)
    for (const target of being.kin) addComponent(host, entity, host.Kin(target))
  }

  #plantRelations(host: SecretsWorld): void {
    for (const being of this.#beings) {
      const ids = being.kin.map((target) => netIdOf(host, target)).sort((a, b) => a - b)
      const bits = vuOf(ids.length) + ids.map(netIdBitsOf).join('')
      if (ids.length < 4 || bits === being.kinBits) continue
      being.kinBits = bits
      this.#planted.plant(bits, { being, kind: 'relation' })
    }
  }

  #own(host: SecretsWorld, being: Being): void {
    const { entity, owner } = being
    const { players } = this
    if (owner !== undefined) removeComponent(host, entity, OwnedBy(owner.guest.accepted))
    const next = players[this.#below(players.length)]!
    const isBarred = next === players[0] && !isOwnable(being.number)
    being.owner = this.#random() < 0.2 || isBarred ? undefined : next
    if (being.owner !== undefined) addComponent(host, entity, OwnedBy(next.guest.accepted))
  }

  #look(player: Player): void {
    for (const { number, seenBy } of this.#beings) {
      if (player === this.players[0] && isVeiled(number)) continue
      const roll = this.#random()
      if (!seenBy.has(player)) {
        if (roll < 0.12) seenBy.add(player)
      } else if (roll < 0.08) seenBy.delete(player)
    }
  }

  #join(troupe: Troupe<SecretsWorld>, player?: Player): void {
    const guest = troupe.join(player?.guest)
    if (player === undefined) this.players.push({ guest, packets: [] })
  }

  #reconnect(troupe: Troupe<SecretsWorld>, player: Player): void {
    const { guest } = player
    for (const being of this.#beings) if (being.owner === player) being.owner = undefined
    destroySocket(troupe.host, guest.accepted)
    guest.accepted = -1
    troupe.until(() => !hasComponent(guest.world, guest.socket, Joined))
    this.#join(troupe, player)
  }
}

export async function playSecrets(options: SecretsOptions): Promise<Found> {
  const { seed, bytesPerSnapshot, fault } = options
  const game = new SecretsGame(options)
  await Troupe.with(
    () => createSecretsWorld(fault === 'sends to all'),
    (troupe) => game.run(troupe),
    {
      serve: { interest: (_, socket) => game.interest(socket), bytesPerSnapshot },
      seed,
      config: { random: mulberry32(seed) },
    },
  )()
  const { seen, leaked, players } = game
  return { seen, leaked, packets: players.map(({ packets }) => packets) }
}
