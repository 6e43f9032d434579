import { type AddressInfo } from 'node:net'
import * as assert from 'uvu/assert'
import { portOf } from '../../../demos/arena/server/createArena.ts'
import { noiseMessages, withSeed } from '../../lib/noise.ts'
import { figure, rowSeed } from '../../lib/row.ts'
import { overTcp, overUdp, overWebSocket, sendAll } from '../../lib/strangers.ts'
import { until } from '../../lib/until.ts'
import { spec } from '../../spec.ts'
import { ArenaStage, type StagePlayer } from './ArenaStage.ts'

/** Over each transport, of which the arena has three. */
const messages = noiseMessages * 2
const rounds = Math.max(100, Math.ceil(messages / 2_000))
const perRound = Math.ceil(messages / rounds)
/** Players over UDP who are silent for long are gone. */
const ticksBetweenPings = 20
/** Messages that a player keeps. */
const heardMax = 2_000
const names = ['Ann', 'Bo', 'Cy']

/** Ticks until the condition holds, while the players go on playing. */
async function play(
  stage: ArenaStage,
  players: readonly StagePlayer[],
  token: number,
  condition: () => boolean,
): Promise<void> {
  let ticks = 0
  await until(condition, () => {
    if (ticks++ % ticksBetweenPings === 0)
      for (const { line } of players) line.send({ kind: 'ping', token })
    stage.tick()
    // What was heard is old in a moment, and takes memory.
    for (const { heard } of players) if (heard.length > heardMax) heard.splice(0, heardMax / 2)
  })
}

function memory(): string {
  const { rss, heapUsed } = process.memoryUsage()
  return `${Math.round(rss / 2 ** 20)} MiB, ${Math.round(heapUsed / 2 ** 20)} MiB of it heap`
}

console.log(`seed ${rowSeed}`)

spec(
  'the arena among strangers who send anything',
  (it) => {
    it(`goes on, and its players too: ${rounds} rounds`, () =>
      ArenaStage.with((stage) =>
        withSeed(async (noise) => {
          const { servers } = stage.arena
          const [tcp, udp] = [portOf(stage.arena, servers.tcp), portOf(stage.arena, servers.udp)]
          const page = `ws://127.0.0.1:${(stage.http.address() as AddressInfo).port}/arena`
          const players = [await stage.ws(), await stage.tcp(), await stage.udp()]
          for (const [index, player] of players.entries()) await player.joins(names[index]!)
          for (let round = 1; round <= rounds; round++) {
            let isDone = false
            const sending = Promise.all([
              sendAll(overTcp(tcp), noise, perRound),
              sendAll(overWebSocket(page), noise, perRound),
              sendAll(overUdp(udp), noise, perRound),
            ]).finally(() => (isDone = true))
            await play(stage, players, round, () => isDone)
            await sending
            for (const player of players) player.heard.length = 0
            await play(stage, players, round, () =>
              players.every((player) => player.last('pong')?.token === round && player.isShown),
            )
          }
          await play(stage, players, 0, () => stage.arena.players.count === players.length)
          const did = `${rounds * perRound} messages over each transport`
          figure('R-31', `the arena: ${did}, memory ${memory()}`)
          const { name } = stage.arena.world.components.Player
          const left = Array.from(stage.arena.players.all(), (ship) => name[ship])
          assert.equal(new Set(left), new Set(names))
          assert.is(left.length, names.length)
          for (const line of stage.lines) assert.match(line, 'is no message of this game')
        }),
      ))
  },
  60_000 + noiseMessages * 8,
)
