import { connect } from 'node:net'
import { createWorld } from 'bitecs'
import {
  closeNetwork,
  createServer,
  createSocket,
  sendUdp,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { type RecordedMessage, recordNetwork, replayNetwork } from 'bitecs-networking/recording'
import * as assert from 'uvu/assert'
import { rowSeed } from '../lib/row.ts'
import { turns, until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { MemorySink } from './MemorySink.ts'
import { PointsGame } from './PointsGame.ts'
import { joinAt, playRecorded, secretText } from './playRecorded.ts'

const secret = Buffer.from(secretText)
const noise = new Uint8Array(500)

/** Overwrites the secret wherever a message has it. */
function hide({ bytes }: RecordedMessage): void {
  for (let at = 0; (at = Buffer.from(bytes).indexOf(secret, at)) >= 0; at += secret.length)
    bytes.fill(42, at, at + secret.length)
}

function overwrite({ bytes }: RecordedMessage): void {
  bytes.fill(0)
}

/** Only what goes to some, or comes from them. */
function overwriteOdd({ bytes, port }: RecordedMessage): void {
  if (port % 2 === 1) bytes.fill(0)
}

spec('a redacted recording', (it) => {
  it('what is redacted is not in the recording, and the rest is replayed', async () => {
    const open = await playRecorded(rowSeed, 120, { secretEvery: 5 })
    assert.ok(Buffer.from(open.bytes).includes(secret), 'the secret is in a recording without')
    const { bytes } = await playRecorded(rowSeed, 120, { secretEvery: 5, redact: hide })
    assert.not(Buffer.from(bytes).includes(secret))
    const game = new PointsGame()
    // As many points as in the recorded game, whose messages had other bytes.
    game.isBlind = true
    const replay = replayNetwork(game.world, bytes, { redact: hide })
    game.start()
    game.makeReliable()
    await replay.run((tick) => {
      joinAt(game, tick)
      game.step()
    })
    assert.is(replay.damage, undefined)
    assert.is(replay.difference?.message, undefined)
    assert.is(replay.tick, 120)
  })

  it('a function that throws ends the recording, and nothing of that block is written', async () => {
    const { bytes, error } = await playRecorded(rowSeed, 60, {
      secretEvery: 5,
      redact: () => {
        throw new Error('planted')
      },
    })
    assert.is(error?.message, 'planted')
    assert.not(Buffer.from(bytes).includes(secret))
  })

  it('a function that overwrites everything, or only what goes to some, leaves a recording that replays', async () => {
    for (const redact of [overwrite, overwriteOdd]) {
      const { bytes } = await playRecorded(rowSeed, 120, { secretEvery: 5, redact })
      const game = new PointsGame()
      game.isBlind = true
      const replay = replayNetwork(game.world, bytes, { redact })
      game.start()
      game.makeReliable()
      await replay.run((tick) => {
        joinAt(game, tick)
        game.step()
      })
      assert.is(replay.difference?.message, undefined)
      assert.is(replay.tick, 120)
    }
  })

  it('a message that comes with the handshake, and in parts, is redacted whole', async () => {
    const world = createWorld()
    const seen: string[] = []
    const recording = recordNetwork(world, new MemorySink(), {
      redact: ({ bytes, direction }) =>
        void (direction === 'received' && seen.push(Buffer.from(bytes).toString('latin1'))),
    })
    const server = createServer(world, SocketType.tcp, 0, { messageBytesMax: 1000 })
    const head = Buffer.alloc(28)
    const words = [0xcafebabe, 0xdeadb00b, 16, 0, 0xdeadc0de, 12, 8]
    for (const [index, word] of words.entries()) head.writeUInt32LE(word, index * 4)
    const bytes = Buffer.concat([head, Buffer.from('password')])
    const cuts = [bytes.length, 7, 20, 31]
    const sockets = cuts.map(() => connect(Socket(world).port[server]!, '127.0.0.1'))
    try {
      for (const [index, cut] of cuts.entries())
        sockets[index]!.resume().write(bytes.subarray(0, cut))
      await until(() => seen.length > 0, [world])
      await turns(20)
      for (const [index, cut] of cuts.entries()) sockets[index]!.write(bytes.subarray(cut))
      await until(() => seen.length >= cuts.length, [world])
      assert.equal(
        seen,
        Array.from(cuts, () => 'password'),
      )
    } finally {
      recording.stop()
      for (const socket of sockets) socket.destroy()
      closeNetwork(world)
    }
  })

  it('a recording that nobody redacts, since no tick comes, ends with its sink', async () => {
    const world = createWorld()
    const players = createWorld()
    let ends = 0
    const sink = { write() {}, end: () => ends++ }
    const recording = recordNetwork(world, sink, { waitingBytesMax: 10_000, redact: hide })
    const server = createServer(world, SocketType.udp, 0, { messageBytesMax: 1000 })
    const player = createSocket(players, SocketType.udp)
    try {
      await until(
        () => !recording.isRunning,
        () => void sendUdp(players, player, '127.0.0.1', Socket(world).port[server]!, noise),
      )
      assert.match(String(recording.error), /no tick/)
      recording.stop()
      assert.is(ends, 1)
    } finally {
      closeNetwork(players)
      closeNetwork(world)
    }
  })
})
