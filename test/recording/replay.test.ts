import { type Replay, replayNetwork } from 'bitecs-networking/recording'
import * as assert from 'uvu/assert'
import { rowSeed } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { joinAt, playRecorded } from './playRecorded.ts'
import { PointsGame } from './PointsGame.ts'

/** The same program without a network. */
async function playAgain(
  bytes: Uint8Array,
  change: (game: PointsGame) => void = () => {},
): Promise<{ game: PointsGame; replay: Replay }> {
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

spec('a replayed recording', (it) => {
  it('a session over real sockets is replayed to the same world', async () => {
    const { bytes, state, error } = await playRecorded(rowSeed, 200)
    assert.is(error, undefined)
    const { game, replay } = await playAgain(bytes)
    assert.is(replay.difference?.message, undefined)
    assert.is(replay.damage, undefined)
    assert.is(replay.tick, 200)
    assert.equal(game.state(), state)
  })

  it('a game that answers otherwise is caught in the tick where it does', async () => {
    const { bytes } = await playRecorded(rowSeed + 1, 120)
    const { replay } = await playAgain(bytes, (game) => {
      game.bonus = (message, tick) => (tick >= 77 && message.length > 30 ? 1 : 0)
    })
    const { difference } = replay
    assert.ok(difference !== undefined)
    assert.is(difference.direction, 'sent')
    assert.ok(difference.tick >= 77 && difference.tick <= 80, difference.message)
    const { recorded, replayed, offset } = difference
    assert.is(recorded.length, replayed.length)
    assert.equal(recorded.slice(0, offset), replayed.slice(0, offset))
    assert.is.not(recorded[offset], replayed[offset])
  })
})
