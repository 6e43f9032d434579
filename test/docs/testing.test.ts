import * as assert from 'uvu/assert'
import { withDocument } from '../lib/DocumentPrograms.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

spec('Testing a game', (it) => {
  it(
    'echo.test :: passes, and fails when the server does not answer',
    withDocument('docs/testing.md', async (programs) => {
      const passing = programs.run('echo.test.ts')
      const failing = programs.run('echo.test.ts', { 'sendPacket(world,': 'void (world,' })
      await until(() => passing.hasEnded && failing.hasEnded)
      assert.is(await passing.exitCode, 0, passing.output)
      assert.is(await failing.exitCode, 1, failing.output)
      assert.match(failing.output, 'not within ten seconds')
    }),
  )
})
