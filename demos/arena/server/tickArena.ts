import { NetworkSystem } from 'bitecs-networking'
import { ReplicationSystem } from 'bitecs-networking/replication'
import { sightsPerSecond, snapshotsPerSecond, ticksPerSecond } from '../shared/constants.ts'
import { moveSystem } from '../shared/moveSystem.ts'
import { steerSystem } from '../shared/steerSystem.ts'
import { type Arena } from './Arena.ts'
import { collideSystem } from './collideSystem.ts'
import { gemSystem } from './gemSystem.ts'
import { dropSilent } from './handleEvents.ts'
import { sendEvents, sendSights } from './sendState.ts'

/** The log goes out so often a second. */
const logsPerSecond = 4

/** One step of the game: what came from the network, the simulation, and what players get to see. */
export function tickArena(arena: Arena): void {
  const tick = ++arena.tick
  const { world } = arena
  const seconds = 1 / ticksPerSecond
  NetworkSystem(world)
  steerSystem(world, seconds)
  moveSystem(world, seconds)
  collideSystem(arena)
  gemSystem(arena, seconds)
  arena.players.tick(seconds)
  dropSilent(arena)
  if (isDue(tick, sightsPerSecond)) sendSights(arena)
  if (isDue(tick, logsPerSecond)) sendEvents(arena)
  if (isDue(tick, snapshotsPerSecond)) ReplicationSystem(world, tick)
}

function isDue(tick: number, timesPerSecond: number): boolean {
  return tick % (ticksPerSecond / timesPerSecond) === 0
}
