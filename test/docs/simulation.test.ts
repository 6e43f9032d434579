import * as assert from 'uvu/assert'
import { withDocument } from '../lib/DocumentPrograms.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

spec('Simulation', (it) => {
  it(
    'lab :: brings a message over LTE, and another through a tunnel, the same each time',
    withDocument('docs/simulation.md', async (programs) => {
      const outputs: string[] = []
      for (let run = 0; run < 2; run++) {
        const program = programs.run('lab.ts', {})
        await until(() => program.hasEnded)
        outputs.push(program.output)
      }
      assert.match(outputs[0]!, /^\d+ ms: 'over LTE'\n\d+ ms: 'through a tunnel'\n\d+ packets lost/)
      assert.is(outputs[0], outputs[1])
    }),
  )
})
