import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createWorld } from 'bitecs'
import { closeNetwork } from 'bitecs-networking'
import { recordNetwork } from 'bitecs-networking/recording'
import * as assert from 'uvu/assert'
import { CliProgram } from '../cli/CliProgram.ts'
import { withDocument } from '../lib/DocumentPrograms.ts'
import { until } from '../lib/until.ts'
import { MemorySink } from '../recording/MemorySink.ts'
import { spec } from '../spec.ts'

spec('Recordings', (it) => {
  it(
    'replay :: plays a recording into the game it is of, and into another',
    withDocument('docs/recording.md', async (programs) => {
      const program = programs.run('replay.ts')
      await until(() => program.hasEnded)
      const [same, other] = program.output.trim().split('\n')
      assert.is(same, "[ 'one', 'two', 'three', [length]: 3 ] the same")
      assert.match(other!, /^\[.*\] tick ….*other bytes sent from offset \d+: recorded /)
    }),
  )

  it(
    'cli :: the game is one that can be replayed',
    withDocument('docs/cli.md', async (programs) => {
      const [file, game] = ['empty.bnrec', 'game.mjs'].map((name) => join(programs.folder, name))
      const sink = new MemorySink()
      const world = createWorld()
      recordNetwork(world, sink).stop()
      closeNetwork(world)
      writeFileSync(file!, sink.bytes())
      writeFileSync(game!, programs.code('game.mjs'))
      const program = new CliProgram(['replay', file!, game!])
      await program.waitFor(() => program.exitCode !== undefined)
      assert.match(program.errors, /^0 ticks replayed in .*: no difference\n$/)
      assert.is(program.exitCode, 0)
    }),
  )
})
