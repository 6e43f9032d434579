import * as assert from 'uvu/assert'
import { withDocument } from '../lib/DocumentPrograms.ts'
import { spec } from '../spec.ts'

const document = 'docs/transports.md'

spec('Transports', (it) => {
  it(
    'play :: connects over a transport of its own',
    withDocument(document, async (programs) => {
      const program = programs.run('play.ts', {
        "import { createWorld } from 'bitecs'": `
          import { createWorld } from 'bitecs'
          import { createMemoryTransport } from 'bitecs-networking'
          setTimeout(() => play(createMemoryTransport()))`,
        'void connectSocket': 'globalThis.result = connectSocket',
        'const world = createWorld()': `
          const world = createWorld()
          setTimeout(async () => console.log((await result) === socket ? 'connected' : 'not'))`,
      })
      assert.is(await program.exitCode, 0, program.output)
      assert.is(program.output, 'connected\n')
    }),
  )

  it(
    'suite :: passes',
    withDocument(document, async (programs) => {
      const program = programs.run('suite.ts')
      assert.is(await program.exitCode, 0, program.output)
      assert.ok(program.output.split('\n').length > 20, program.output)
      assert.not.match(program.output, /^(?!ok )./m)
    }),
  )
})
