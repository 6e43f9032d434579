import * as assert from 'uvu/assert'
import { blocksOf } from '../lib/documentBlocks.ts'
import { withDocument } from '../lib/DocumentPrograms.ts'
import { freePort } from '../lib/freePort.ts'
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

  it(
    'echo :: every client gets its answers over LTE, and a report is printed',
    withDocument('docs/simulation.md', async (programs) => {
      const program = programs.run('echo.ts', {})
      await until(() => program.hasEnded)
      assert.match(program.output, /^\[ 9, 9, 9, 9 \]\nseed 1: 10 s in 600 ticks/)
      assert.match(program.output, /^client 3 +tcp 6510 +9 /m)
    }),
  )

  it(
    'forget :: finds the cut that makes the server forget a client, as the document says',
    withDocument('docs/simulation.md', async (programs) => {
      const program = programs.run('forget.ts', {})
      await until(() => program.hasEnded)
      const printed = blocksOf('docs/simulation.md', 'text').join('')
      assert.is(program.output, printed)
    }),
  )

  it(
    'badLine :: feels a bad line over real sockets, and ends by itself',
    withDocument('docs/simulation.md', async (programs) => {
      const program = programs.run('badLine.ts', { 6510: await freePort() })
      await until(() => program.hasEnded)
      const times = [...program.output.matchAll(/: (\d+) ms$/gm)].map(([, ms]) => Number(ms))
      assert.is(times.length, 4, program.output)
      for (const [index, atLeastMs] of [60, 280, 250, 500].entries())
        assert.ok(times[index]! >= atLeastMs, program.output)
      assert.is(await program.exitCode, 0, program.output)
    }),
  )
})
