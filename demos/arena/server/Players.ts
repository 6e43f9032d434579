// Who plays, and how they are told apart.
import { type EntityId } from 'bitecs'
import { cleanText } from '../shared/cleanText.ts'
import { nameLengthMax } from '../shared/constants.ts'
import { type Player } from './Player.ts'

/** So many lines of chat may be said at once, and one more each second. */
const linesMax = 4

export class Players {
  readonly #byEntity = new Map<EntityId, Player>()
  readonly #playersMax: number
  #lastId = 0
  #hasChanged = false

  constructor(playersMax: number) {
    this.#playersMax = playersMax
  }

  get count(): number {
    return this.#byEntity.size
  }

  get isFull(): boolean {
    return this.count >= this.#playersMax
  }

  of(entity: EntityId): Player | undefined {
    return this.#byEntity.get(entity)
  }

  all(): Iterable<Player> {
    return this.#byEntity.values()
  }

  add(entity: EntityId, socketType: number, wantedName: string, tick: number): Player {
    const id = this.#freeId()
    const player: Player = {
      id,
      entity,
      socketType,
      name: this.#freeName(cleanText(wantedName, nameLengthMax) || `Guest ${id}`),
      // The golden angle: neighbours in time get colours far apart.
      hue: Math.round(id * 137.508) % 360,
      score: 0,
      heard: tick,
      lines: linesMax,
    }
    this.#byEntity.set(entity, player)
    this.#hasChanged = true
    return player
  }

  remove(player: Player): void {
    this.#byEntity.delete(player.entity)
    this.#hasChanged = true
  }

  tick(seconds: number): void {
    for (const player of this.all()) player.lines = Math.min(player.lines + seconds, linesMax)
  }

  /** Whether somebody came or went since the last call. */
  takeChange(): boolean {
    const hasChanged = this.#hasChanged
    this.#hasChanged = false
    return hasChanged
  }

  /** Asks for the roster to be sent again, for somebody who is new. */
  noteChange(): void {
    this.#hasChanged = true
  }

  /** A name as it is wanted, or with a number if somebody has it. */
  #freeName(wanted: string): string {
    const taken = new Set(Array.from(this.all(), ({ name }) => name))
    let name = wanted
    for (let number = 2; taken.has(name); number++)
      name = `${cleanText(wanted, nameLengthMax - 3)} ${number}`
    return name
  }

  /** Numbers go round: messages have 16 bits for them. 0 is the server. */
  #freeId(): number {
    const taken = new Set(Array.from(this.all(), ({ id }) => id))
    do this.#lastId = (this.#lastId % 65_535) + 1
    while (taken.has(this.#lastId))
    return this.#lastId
  }
}
