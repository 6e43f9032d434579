// What a player over UDP sees: sights have few numbers and come ten times a second, so they are played back a moment late.
import { type Picture, type ShipState } from '../../arena/shared/picture.ts'
import { ticksPerSecond } from '../../arena/shared/constants.ts'
import { type SeenShip, type ServerMessage } from '../../arena/shared/serverMessages.ts'

type Sight = Extract<ServerMessage, { kind: 'sight' }>
/** What sights do not have of a ship. */
export type Label = Pick<ShipState, 'name' | 'hue' | 'socketType'>

const delayMs = 160
/** The clock follows a slower line by this much with each sight, and a faster one at once. */
const driftMs = 10
const kept = 12

export class SightPlayback {
  readonly #labelOf: (player: number) => Label
  readonly #list: Sight[] = []
  /** Time here minus server time, as of the fastest sights. */
  #offset = Infinity

  constructor(labelOf: (player: number) => Label) {
    this.#labelOf = labelOf
  }

  get newestTick(): number | undefined {
    return this.#list.at(-1)?.tick
  }

  add(sight: Sight, now: number): void {
    if (sight.tick <= (this.newestTick ?? 0)) return
    this.#offset = Math.min(now - timeOf(sight), this.#offset + driftMs)
    this.#list.push(sight)
    if (this.#list.length > kept) this.#list.shift()
  }

  /** The own ship, as the server has sent it last. */
  ownShip(): ShipState | undefined {
    const [before, newest] = this.#list.slice(-2)
    const last = newest ?? before
    const [own] = last?.ships ?? []
    if (before === undefined || last === undefined || own === undefined) return undefined
    const { vx, vy } = this.#between(before.ships[0] ?? own, before, last, 1)
    return { ...this.#between(own, last, last, 0), vx, vy, charge: last.charge }
  }

  picture(now: number): Picture {
    const shown = now - this.#offset - delayMs
    const index = Math.max(
      this.#list.findLastIndex((sight) => timeOf(sight) <= shown),
      0,
    )
    const from = this.#list[index]
    if (from === undefined) return { ships: [], gems: [] }
    const to = this.#list[index + 1] ?? from
    const part = Math.max((shown - timeOf(from)) / (timeOf(to) - timeOf(from) || Infinity), 0)
    return { ships: from.ships.map((ship) => this.#between(ship, from, to, part)), gems: from.gems }
  }

  #between(ship: SeenShip, from: Sight, to: Sight, part: number): ShipState {
    const { player, score } = ship
    const next = to.ships.find((other) => other.player === player) ?? ship
    const seconds = (timeOf(to) - timeOf(from)) / 1_000 || Infinity
    const [dx, dy] = [next.x - ship.x, next.y - ship.y]
    return {
      ...this.#labelOf(player),
      player,
      x: ship.x + dx * part,
      y: ship.y + dy * part,
      vx: dx / seconds,
      vy: dy / seconds,
      dashing: false,
      charge: 0,
      score,
    }
  }
}

function timeOf({ tick }: Sight): number {
  return (tick * 1_000) / ticksPerSecond
}
