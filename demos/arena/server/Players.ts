// Who plays, and how they are told apart.
import { addComponents, type EntityId, hasComponent, query, removeComponents } from 'bitecs'
import { Replicated } from 'bitecs-networking/replication'
import { type ArenaWorld } from '../shared/arenaWorld.ts'
import { cleanText } from '../shared/cleanText.ts'
import { nameLengthMax } from '../shared/constants.ts'

/** So many lines of chat may be said at once, and one more each second. */
const linesMax = 4

/** The ships with players. A connected player's ship is the socket itself. */
export class Players {
  readonly #world: ArenaWorld
  readonly #playersMax: number
  /** How many have come so far. */
  #total = 0

  constructor(world: ArenaWorld, playersMax: number) {
    this.#world = world
    this.#playersMax = playersMax
  }

  get count(): number {
    return this.all().length
  }

  get isFull(): boolean {
    return this.count >= this.#playersMax
  }

  all(): ArrayLike<EntityId> & Iterable<EntityId> {
    return query(this.#world, [this.#world.components.Player])
  }

  has(entity: EntityId): boolean {
    return hasComponent(this.#world, entity, this.#world.components.Player)
  }

  add(ship: EntityId, socketType: number, wantedName: string): void {
    const { Player } = this.#world.components
    this.#total++
    Player.name[ship] = this.#freeName(
      cleanText(wantedName, nameLengthMax) || `Guest ${this.#total}`,
    )
    // The golden angle: neighbours in time get colours far apart.
    Player.hue[ship] = Math.round(this.#total * 137.508) % 360
    Player.socketType[ship] = socketType
    Player.score[ship] = 0
    Player.lines[ship] = linesMax
    addComponents(this.#world, ship, [Player, Replicated])
  }

  remove(ship: EntityId): void {
    removeComponents(this.#world, ship, [this.#world.components.Player, Replicated])
  }

  tick(seconds: number): void {
    const { lines } = this.#world.components.Player
    for (const ship of this.all()) lines[ship] = Math.min(lines[ship]! + seconds, linesMax)
  }

  /** A name as it is wanted, or with a number if somebody has it. */
  #freeName(wanted: string): string {
    const { Player } = this.#world.components
    const taken = new Set(Array.from(this.all(), (ship) => Player.name[ship]))
    let name = wanted
    for (let number = 2; taken.has(name); number++)
      name = `${cleanText(wanted, nameLengthMax - 3)} ${number}`
    return name
  }
}
