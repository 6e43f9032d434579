import * as assert from 'uvu/assert'
import { NodeProgram } from '../lib/NodeProgram.ts'
import { spec } from '../spec.ts'

const args = '--rounds 1 --seconds 0.1 --clients 2 --in-flight 2 --only ws,ours,ours-ws'

spec(
  'npm run bench',
  (it) => {
    it('runs its servers, and every byte comes back', async () => {
      const program = new NodeProgram('build/bench/main.js', args.split(' '))
      try {
        await program.says('Every byte came back right.')
        for (const name of ['ws', 'ours', 'ours-ws'])
          assert.match(program.output, new RegExp(`^${name} +\\d`, 'm'))
      } finally {
        program.end()
      }
    })
  },
  60_000,
)
