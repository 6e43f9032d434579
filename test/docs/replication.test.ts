import * as assert from 'uvu/assert'
import { withDocument } from '../lib/DocumentPrograms.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

spec('Replication, as its page has it', (it) => {
  it(
    'square :: moves to the right in the world of the client, never back',
    withDocument('docs/replication.md', async (programs) => {
      const program = programs.run('square.ts')
      await until(() => program.output.split('\n').length > 40)
      const lines = program.output.trim().split('\n').slice(0, 40)
      const places = lines.map((line) => line.split(' ').map(Number))
      assert.equal([...new Set(places.map(([, y]) => y))], [500])
      const steps = places.slice(1).map(([x], at) => x! - places[at]![0]!)
      assert.ok(
        steps.every((step) => step >= 0),
        steps.join(' '),
      )
      assert.ok(places.at(-1)![0]! - places[0]![0]! > 20, lines.join(', '))
    }),
  )
})
