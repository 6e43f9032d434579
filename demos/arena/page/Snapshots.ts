// What the server told of the others, played back a moment late, so that between two snapshots there is always a way to go.
import { ticksPerSecond } from '../shared/constants.ts'
import { type GemState, type ServerMessage, type ShipState } from '../shared/serverMessages.ts'

type Snapshot = Extract<ServerMessage, { kind: 'snapshot' }>

/** How late the others are shown. Two snapshots and a bit: one of them may come late. */
const delayMs = 110
/** How long ships go on by their speed when no snapshot comes. */
const extrapolateMaxMs = 120
/** The clock follows a slower connection by this much with each snapshot, and a faster one at once. */
const driftMs = 0.5
/** Beyond this the clock is set anew: the server has stalled, or is another one. */
const jumpMs = 300
const kept = 24

/** Snapshots of the last second or so. Times are in milliseconds of the page's clock. */
export class Snapshots {
  readonly #list: Snapshot[] = []
  /** Page time minus server time, as of the fastest snapshots. */
  #offset: number | undefined

  get newest(): Snapshot | undefined {
    return this.#list.at(-1)
  }

  add(snapshot: Snapshot, now: number): void {
    const { newest } = this
    if (newest !== undefined && snapshot.tick <= newest.tick) this.clear()
    const offset = now - timeOf(snapshot)
    const before = this.#offset
    this.#offset =
      before === undefined || Math.abs(offset - before) > jumpMs
        ? offset
        : Math.min(offset, before + driftMs)
    this.#list.push(snapshot)
    if (this.#list.length > kept) this.#list.shift()
  }

  /** Forgets all: the server is another one. */
  clear(): void {
    this.#list.length = 0
    this.#offset = undefined
  }

  /** The ships as they are to be shown now. */
  ships(now: number): readonly ShipState[] {
    const [before, after, part] = this.#around(now)
    if (before === undefined) return []
    if (after === undefined) return before.ships.map((ship) => ahead(ship, part))
    const next = new Map(after.ships.map((ship) => [ship.player, ship]))
    return before.ships.map((ship) => between(ship, next.get(ship.player), part))
  }

  /** The gems as they are to be shown now. */
  gems(now: number): readonly GemState[] {
    const [before, after, part] = this.#around(now)
    if (before === undefined) return []
    const next = new Map(after?.gems.map((gem) => [gem.gem, gem]))
    return before.gems.map((gem) => {
      const to = next.get(gem.gem) ?? gem
      return { gem: gem.gem, x: mix(gem.x, to.x, part), y: mix(gem.y, to.y, part) }
    })
  }

  /**
   * The snapshots before and after what is shown now, and how far between them it is, 0..1; behind the newest, by how
   * many seconds.
   */
  #around(now: number): [Snapshot | undefined, Snapshot | undefined, number] {
    const shown = now - (this.#offset ?? 0) - delayMs
    const index = this.#list.findLastIndex((snapshot) => timeOf(snapshot) <= shown)
    const before = this.#list[Math.max(index, 0)]
    if (before === undefined) return [undefined, undefined, 0]
    const after = this.#list[index + 1]
    const late = shown - timeOf(before)
    if (after === undefined) return [before, undefined, Math.min(late, extrapolateMaxMs) / 1000]
    return [before, after, Math.max(late, 0) / (timeOf(after) - timeOf(before) || 1)]
  }
}

function timeOf({ tick }: Snapshot): number {
  return (tick * 1000) / ticksPerSecond
}

function ahead(ship: ShipState, seconds: number): ShipState {
  return { ...ship, x: ship.x + ship.vx * seconds, y: ship.y + ship.vy * seconds }
}

function between(from: ShipState, to: ShipState | undefined, part: number): ShipState {
  if (to === undefined) return from
  return {
    ...from,
    x: mix(from.x, to.x, part),
    y: mix(from.y, to.y, part),
    vx: mix(from.vx, to.vx, part),
    vy: mix(from.vy, to.vy, part),
  }
}

function mix(from: number, to: number, part: number): number {
  return from + (to - from) * part
}
