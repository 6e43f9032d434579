// What shines for a moment: trails of dashes, rings where somebody was hit, points that were won. All of it is decoration, so
// none of it is shown to those who asked for less motion.
import { shipRadius } from '../shared/constants.ts'
import { type ShipState } from '../shared/picture.ts'

/** Something that fades away. */
export interface Effect {
  readonly kind: 'trail' | 'ring' | 'point'
  readonly player: number
  readonly hue: number
  readonly x: number
  readonly y: number
  /** When it began, in milliseconds. */
  readonly begin: number
  readonly durationMs: number
}

const durations = { trail: 260, ring: 520, point: 700 } as const
const effectsMax = 300

export class Effects {
  #list: Effect[] = []
  readonly #scores = new Map<number, number>()

  /** Notes what has happened to ships since the last call; points only of the player's own. */
  watch(ships: readonly ShipState[], me: number | undefined, now: number): void {
    this.#list = this.#list.filter(({ begin, durationMs }) => now - begin < durationMs)
    for (const ship of ships) {
      const before = this.#scores.get(ship.player) ?? ship.score
      if (ship.dashing) this.#add('trail', ship, now)
      if (ship.score < before) this.#add('ring', ship, now)
      if (ship.score > before && ship.player === me)
        this.#add('point', { ...ship, y: ship.y - shipRadius }, now)
    }
    this.#scores.clear()
    for (const { player, score } of ships) this.#scores.set(player, score)
  }

  /** Those that can be seen now. */
  all(): readonly Effect[] {
    return this.#list
  }

  #add(kind: Effect['kind'], { player, hue, x, y }: ShipState, now: number): void {
    if (this.#list.length >= effectsMax) return
    this.#list.push({ kind, player, hue, x, y, begin: now, durationMs: durations[kind] })
  }
}
