// The bitECS world that server and page both simulate the game in. Its components belong to the world, so that two arenas in
// one process do not share their numbers.
import { createWorld, type World } from 'bitecs'

/**
 * The components, each indexed by entity. A ship has `Position`, `Velocity`, `Steering` and `Dash`; a gem has `Position`,
 * `Velocity` and `Gem`.
 */
interface ArenaComponents {
  /** In units. */
  readonly Position: { readonly x: number[]; readonly y: number[] }
  /** In units a second. */
  readonly Velocity: { readonly x: number[]; readonly y: number[] }
  /** What the player holds down: `SteerBit`s. */
  readonly Steering: { readonly bits: number[] }
  /** `charge` grows to 1 before the next dash; `left` is how many seconds of the running dash remain. */
  readonly Dash: { readonly charge: number[]; readonly left: number[] }
  /** The number that a gem is known by; 1..65535. */
  readonly Gem: { readonly id: number[] }
}

export type ArenaWorld = World<{ components: ArenaComponents }>

export function createArenaWorld(): ArenaWorld {
  return createWorld({
    components: {
      Position: { x: [], y: [] },
      Velocity: { x: [], y: [] },
      Steering: { bits: [] },
      Dash: { charge: [], left: [] },
      Gem: { id: [] },
    },
  })
}
