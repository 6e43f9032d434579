// The arena with bots and with players in processes of their own, of which one is killed, is recorded; a replay without network
// ends in the same world, component by component.

import { setTimeout as rest } from 'node:timers/promises'
import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { query } from 'bitecs'
import { Socket, SocketType, startTicks } from 'bitecs-networking'
import { recordNetwork, type Replay, replayNetwork } from 'bitecs-networking/recording'
import { netIdOf } from 'bitecs-networking/replication'
import * as assert from 'uvu/assert'
import { Bot } from '../../demos/arena/bots/Bot.ts'
import { createConnectedLine } from '../../demos/arena/bots/createConnectedLine.ts'
import { createUdpLine } from '../../demos/arena/bots/createUdpLine.ts'
import { startBots } from '../../demos/arena/bots/startBots.ts'
import { type Arena } from '../../demos/arena/server/Arena.ts'
import { closeArena, createArena, portOf } from '../../demos/arena/server/createArena.ts'
import { type ArenaWorld, createArenaWorld } from '../../demos/arena/shared/arenaWorld.ts'
import { tickArena } from '../../demos/arena/server/tickArena.ts'
import { ticksPerSecond } from '../../demos/arena/shared/constants.ts'
import { NodeProgram } from '../lib/NodeProgram.ts'
import { mulberry32 } from '../lib/random.ts'
import { amountOf, figure, rowSeed } from '../lib/row.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { MemorySink } from './MemorySink.ts'

const seconds = amountOf({ test: 5, ci: 20, soak: 60 })
const playerMode = 'play'
const secret = 'known to the replay'
const [, , mode, kind = '', url = ''] = process.argv

if (mode === playerMode) await playAlone(kind, url)
else
  spec(
    'a recorded session of the arena',
    (it) => {
      it(`${seconds} s are replayed to the same world`, replaysToTheSame)
      it('a game with one line changed is caught in the tick where it differs', catchesChange)
    },
    seconds * 1_000 + 120_000,
  )

/** A player in a process of its own, until it is ended. */
async function playAlone(kind: string, url: string): Promise<void> {
  const bot = new Bot(kind, false, Math.random)
  const hear = bot.hear.bind(bot)
  const { hostname, port } = new URL(url)
  if (kind === 'udp') bot.play(createUdpLine(Number(port), hear))
  else if (kind === 'ws') bot.play(await createConnectedLine(SocketType.ws, url, 0, hear))
  else bot.play(await createConnectedLine(SocketType.tcp, hostname, Number(port), hear))
  startTicks(() => bot.tick(), { hz: ticksPerSecond })
  console.log('plays')
}

interface Session {
  readonly bytes: Uint8Array
  readonly state: unknown
}

let session: Promise<Session> | undefined

/** Plays for some seconds: four players in processes of their own, of which one is killed, and bots. */
async function record(): Promise<Session> {
  const http = createServer().listen(0, '127.0.0.1')
  await until(() => http.listening)
  const sink = new MemorySink()
  const world = createArenaWorld()
  const recording = recordNetwork(world, sink)
  const arena = openArena(http, world)
  const { tcp, udp } = arena.servers
  const ports = { tcp: portOf(arena, tcp), udp: portOf(arena, udp) }
  const urls = [
    ['tcp', `tcp://127.0.0.1:${ports.tcp}`],
    ['udp', `udp://127.0.0.1:${ports.udp}`],
    ['ws', `ws://127.0.0.1:${(http.address() as AddressInfo).port}/arena`],
    ['tcp', `tcp://127.0.0.1:${ports.tcp}`],
  ]
  const file = process.argv[1]!
  const players = urls.map((url) => new NodeProgram(file, [playerMode, ...url]))
  const bots = startBots(4, ports, mulberry32(rowSeed), console.error)
  let ticksLeft = seconds * ticksPerSecond
  const ticks = startTicks(
    () => {
      tickArena(arena)
      for (const bot of bots) bot.tick()
      if (--ticksLeft === (seconds * ticksPerSecond) / 2) process.kill(players[3]!.pid, 'SIGKILL')
      if (ticksLeft === 0) ticks.stop()
    },
    { hz: ticksPerSecond },
  )
  try {
    await Promise.all(players.map((player) => player.says('plays')))
    while (ticks.running) await rest(50)
    recording.stop()
    assert.is(recording.error, undefined)
    const bytes = sink.bytes()
    const { ticks: count, events } = recording
    figure(
      'recording',
      `${seconds} s of the arena: ${count} ticks, ${events} events, ${bytes.length} bytes`,
    )
    assert.ok(events > seconds * 20, `${events} events`)
    return { bytes, state: stateOf(arena) }
  } finally {
    ticks.stop()
    for (const bot of bots) bot.close()
    for (const { pid } of players.slice(0, 3)) process.kill(pid)
    closeArena(arena)
    http.close()
    http.closeAllConnections()
  }
}

function openArena(http: Server, world: ArenaWorld): Arena {
  const random = mulberry32(rowSeed)
  return createArena({ http, tcpPort: 0, udpPort: 0, random, print() {}, world, secret })
}

/** Every component of every entity, and what the game knows of its players. */
function stateOf({ world, udpPlayers, tick }: Arena): unknown {
  const { Position, Velocity, Steering, Dash, Player } = world.components
  const all = { Position, Velocity, Steering, Dash, Player, Socket: Socket(world) }
  const components = Object.entries(all).map(([name, component]) => [
    name,
    [...query(world, [name === 'Socket' ? Socket : component])].map((entity) => [
      entity,
      Object.entries(component).map(([field, values]) => [field, (values as unknown[])[entity]]),
    ]),
  ])
  const gems = [...query(world, [world.components.Gem])].map((gem) => [gem, netIdOf(world, gem)])
  return structuredClone({ tick, components, gems, udp: [...udpPlayers] })
}

async function replay(
  { bytes }: Session,
  step: (arena: Arena) => void,
): Promise<{ arena: Arena; replay: Replay }> {
  const http = createServer()
  const world = createArenaWorld()
  const replay = replayNetwork(world, bytes)
  const arena = openArena(http, world)
  await replay.run(() => step(arena))
  return { arena, replay }
}

async function replaysToTheSame(): Promise<void> {
  const recorded = await (session ??= record())
  const before = performance.now()
  const { arena, replay: played } = await replay(recorded, tickArena)
  figure('recording', `replayed in ${Math.round(performance.now() - before)} ms`)
  assert.is(played.difference?.message, undefined)
  assert.is(played.damage, undefined)
  assert.is(played.tick, seconds * ticksPerSecond)
  assert.equal(stateOf(arena), recorded.state)
}

/** From a tick on, every ship is a little to the right of where it was: the next snapshot tells. */
async function catchesChange(): Promise<void> {
  const recorded = await (session ??= record())
  const changedTick = Math.floor((seconds * ticksPerSecond) / 3)
  const { replay: played } = await replay(recorded, (arena) => {
    tickArena(arena)
    const { Position } = arena.world.components
    if (arena.tick > changedTick) for (const ship of arena.players.all()) Position.x[ship]! += 2
  })
  const { difference } = played
  assert.ok(difference !== undefined)
  // Snapshots go out every third tick, and leave with the next.
  assert.ok(difference.tick > changedTick && difference.tick <= changedTick + 5, difference.message)
  assert.is(difference.direction, 'sent')
  assert.ok(difference.offset >= 0, difference.message)
  figure('recording', `a change after tick ${changedTick} is told so: ${difference.message}`)
}
