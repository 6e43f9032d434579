import * as assert from 'uvu/assert'
import { NodeProgram } from '../lib/NodeProgram.ts'
import { spec } from '../spec.ts'

spec(
  'npm run bench -- replication',
  (it) => {
    it('measures, and what everyone decodes is right', async () => {
      const program = new NodeProgram('build/bench/main.js', ['replication'])
      assert.is(await program.exitCode, 0, program.output)
      assert.match(program.output, /replication, with WebSocket frame/)
      assert.match(program.output, /InterpolationSystem/)
    })
  },
  120_000,
)
