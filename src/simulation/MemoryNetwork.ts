import type { World } from 'bitecs'
import { type Clock } from '../clock/Clock.ts'
import { type LinkConditions } from './LinkConditions.ts'
import { type PresetName } from './presets.ts'

/** Conditions by the name of a preset, or those that differ from a perfect line. */
export type ConditionsChoice = PresetName | Partial<LinkConditions>

/** What a network in memory takes its time and chance from, and how its links are at first. */
export interface MemoryNetworkOptions {
  /** Default: real time. */
  readonly clock?: Clock
  /** Random numbers, at least 0 and less than 1. Default: `Math.random`. */
  readonly random?: () => number
  /** Default: everything arrives at once. */
  readonly conditions?: ConditionsChoice
}

/** How a world joins a network in memory. */
export interface JoinOptions {
  /** The numeric address of its machine. Worlds with the same one share its ports. Default: 127.0.0.1. */
  readonly ip?: string
  /** Host names by which others find it, besides its address. */
  readonly names?: readonly string[]
}

/** Which direction of which links: from a world to another; all of them without one. */
export interface Between {
  readonly from?: World
  readonly to?: World
}

/** A network between the worlds of one process, without sockets. */
export interface MemoryNetwork {
  /**
   * Joins a world: its TCP, UDP and WebSocket sockets that are made from now on are of this network, and it takes the
   * network's clock and random numbers. Sockets that it has already stay what they are. A world that has crashed, or was reset,
   * can join again.
   *
   * @throws TypeError unless `world` is a bitECS world, for one that has joined already, or for wrong options
   */
  join(world: World, options?: JoinOptions): void
  /**
   * Changes conditions: of all links, of those from or to a world, or from one world to another. A preset replaces all of
   * them, others only what they name. What is on its way arrives as it would have.
   *
   * @throws TypeError or RangeError for conditions that there are not, or for a world that has not joined
   */
  setConditions(conditions: ConditionsChoice, between?: Between): void
  /** Nothing passes any more: between all, from or to a world, or from one world to another. Connections wait, for a while. */
  cut(between?: Between): void
  /** What was cut passes again. */
  heal(between?: Between): void
  /**
   * Takes a world out, as if its machine had lost power: its connections and ports are gone, and nobody is told. A peer notices
   * when it sends, or by its own time limits. Another world may join in its place; this one reaches nothing until it joins again.
   */
  crash(world: World): void
  /** Packets lost so far on all links, those of connections too, which are sent again. */
  readonly lostPackets: number
  /** What is on its way now: pieces of streams, messages and datagrams. */
  readonly onTheirWay: number
}
