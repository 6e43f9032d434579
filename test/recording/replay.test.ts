import { createWorld } from 'bitecs'
import {
  closeNetwork,
  connectSocket,
  createSocket,
  destroySocket,
  NetworkSystem,
  sendPacket,
  sendUdp,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { recordNetwork, replayNetwork } from 'bitecs-networking/recording'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { mulberry32 } from '../lib/random.ts'
import { rowSeed } from '../lib/row.ts'
import { turns } from '../lib/until.ts'
import { MemorySink } from './MemorySink.ts'
import { PointsGame } from './PointsGame.ts'

/** Plays a game with clients over real sockets, and returns what was recorded of it and how it ended. */
async function play(seed: number, ticks: number): Promise<{ bytes: Uint8Array; state: unknown }> {
  const random = mulberry32(seed)
  const whole = (below: number): number => Math.floor(random() * below)
  const game = new PointsGame()
  const sink = new MemorySink()
  const recording = recordNetwork(game.world, sink)
  game.start()
  game.makeReliable()
  const ports = game.servers.map((server) => Socket(game.world).port[server]!)
  const players = createWorld()
  const types = [SocketType.tcp, SocketType.ws, SocketType.udp] as const
  const sockets: [socket: number, kind: number][] = []
  try {
    for (let tick = 0; tick < ticks; tick++) {
      if (sockets.length < 9 && tick % 8 === 0) {
        const kind = whole(3)
        const socket = createSocket(players, types[kind]!)
        if (kind === 2) setNetworkConfig(players, socket, { reliable: random() < 0.5 })
        else void connectSocket(players, socket, '127.0.0.1', ports[kind]!)
        sockets.push([socket, kind])
      }
      for (const [socket, kind] of sockets) {
        const message = Uint8Array.from({ length: whole(40) }, () => whole(256))
        if (kind === 2) sendUdp(players, socket, '127.0.0.1', ports[2]!, message)
        else sendPacket(players, socket, message)
      }
      if (sockets.length > 3 && whole(40) === 0)
        destroySocket(players, sockets.splice(whole(sockets.length), 1)[0]![0])
      NetworkSystem(players)
      await turns(2)
      joinAt(game, tick + 1)
      game.step()
      await turns(1)
    }
    const state = structuredClone(game.state())
    recording.stop()
    assert.is(recording.error, undefined)
    return { bytes: sink.bytes(), state }
  } finally {
    closeNetwork(players)
    closeNetwork(game.world)
  }
}

/** The game is a client of itself, too. */
function joinAt(game: PointsGame, tick: number): void {
  const [tcp, ws, udp] = game.servers.map((server) => Socket(game.world).port[server]!)
  if (tick === 21) game.join(SocketType.tcp, tcp!)
  if (tick === 31) game.join(SocketType.ws, ws!)
  if (tick === 41) game.join(SocketType.udp, udp!, 'localhost')
  if (tick === 51) game.join(SocketType.tcp, 1)
}

/** The same program without a network. */
async function playAgain(
  bytes: Uint8Array,
  change: (game: PointsGame) => void = () => {},
): Promise<{ game: PointsGame; replay: ReturnType<typeof replayNetwork> }> {
  const game = new PointsGame()
  change(game)
  const replay = replayNetwork(game.world, bytes)
  game.start()
  game.makeReliable()
  await replay.run((tick) => {
    joinAt(game, tick)
    game.step()
  })
  return { game, replay }
}

test('a session over real sockets is replayed to the same world', async () => {
  const { bytes, state } = await play(rowSeed, 200)
  const { game, replay } = await playAgain(bytes)
  assert.is(replay.difference?.message, undefined)
  assert.is(replay.damage, undefined)
  assert.is(replay.tick, 200)
  assert.equal(game.state(), state)
})

test('a game that answers otherwise is caught in the tick where it does', async () => {
  const { bytes } = await play(rowSeed + 1, 120)
  const { replay } = await playAgain(bytes, (game) => {
    game.bonus = (message, tick) => (tick >= 77 && message.length > 30 ? 1 : 0)
  })
  const { difference } = replay
  assert.ok(difference !== undefined)
  assert.is(difference.direction, 'sent')
  assert.ok(difference.tick >= 77 && difference.tick <= 80, difference.message)
  assert.is(difference.recorded[difference.offset]! + 1, difference.replayed[difference.offset])
})

test.run()
