import { type RecordedMessage, replayNetwork } from 'bitecs-networking/recording'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rowSeed } from '../lib/row.ts'
import { PointsGame } from './PointsGame.ts'
import { joinAt, playRecorded, secretText } from './playRecorded.ts'

const secret = Buffer.from(secretText)

/** Overwrites the secret wherever a message has it. */
function hide({ bytes }: RecordedMessage): void {
  for (let at = 0; (at = Buffer.from(bytes).indexOf(secret, at)) >= 0; at += secret.length)
    bytes.fill(42, at, at + secret.length)
}

test('what is redacted is not in the recording, and the rest is replayed', async () => {
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

test('a function that throws ends the recording, and nothing of that block is written', async () => {
  const { bytes, error } = await playRecorded(rowSeed, 60, {
    secretEvery: 5,
    redact: () => {
      throw new Error('planted')
    },
  })
  assert.is(error?.message, 'planted')
  assert.not(Buffer.from(bytes).includes(secret))
})

test.run()
