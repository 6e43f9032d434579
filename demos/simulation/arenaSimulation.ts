// The arena in memory: its own server and bots, on a line across half the world.
import { type ConditionsChoice, type SimulateOptions } from 'bitecs-networking/simulation'
import { type Bot } from '../arena/bots/Bot.ts'
import { dashDistance } from '../arena/bots/chooseSteering.ts'
import { connectBot, createBot } from '../arena/bots/startBots.ts'
import { type Arena } from '../arena/server/Arena.ts'
import { createArena } from '../arena/server/createArena.ts'
import { tickArena } from '../arena/server/tickArena.ts'
import { createArenaWorld } from '../arena/shared/arenaWorld.ts'
import { ticksPerSecond } from '../arena/shared/constants.ts'

const ports = { tcp: 8081, udp: 8082 }
/** 100 ms one way, 30 more or less, 2 % lost. */
const farAway: ConditionsChoice = { latencyMs: 100, jitterMs: 30, jitter: 'uniform', loss: 0.02 }
/** So that they do not all knock in one tick. */
const ticksBetweenBots = 3
/** By then, after the last has begun, all play. */
const graceTicks = 30 * ticksPerSecond

export interface ArenaSimulation {
  readonly bots: number
  readonly seconds: number
  readonly seed: number
}

/** The options of `simulate`: an arena, and bots that come one after the other, half over TCP and half over UDP. */
export function arenaSimulation({
  bots,
  seconds,
  seed,
}: ArenaSimulation): SimulateOptions<{ readonly arena: Arena }, { readonly bot: Bot }> {
  const allPlayFrom = bots * ticksBetweenBots + graceTicks
  return {
    seed,
    hz: ticksPerSecond,
    ticks: seconds * ticksPerSecond,
    conditions: farAway,
    server({ join, random }) {
      const arena = createArena({
        world: join(createArenaWorld()),
        tcpPort: ports.tcp,
        udpPort: ports.udp,
        random,
        print() {},
        playersMax: bots,
        sight: dashDistance,
        secret: `seed ${seed}`,
      })
      return { arena, step: () => tickArena(arena) }
    },
    clients: {
      count: bots,
      start({ world, random }, index) {
        const bot = createBot(index, random)
        // Snapshots for a hundred would be most of what the simulation does.
        const line = { within: world, replicated: false }
        const errors: unknown[] = []
        return {
          bot,
          step(tick: number) {
            if (tick === 1 + index * ticksBetweenBots)
              connectBot(bot, index, ports, line).catch((error: unknown) => errors.push(error))
            if (errors.length > 0) throw errors[0]
            bot.tick()
          },
        }
      },
    },
    invariant: {
      'all play': ({ tick, server }) =>
        tick < allPlayFrom || server?.arena.players.count === bots
          ? undefined
          : `${server?.arena.players.count} of ${bots} do`,
    },
    // Gigabytes of snapshots: the hash is over their sizes and times.
    hashBytes: false,
  }
}
