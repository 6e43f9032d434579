import { spawnSync } from 'node:child_process'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'
import { specWith } from './specWith.ts'

// The file runs itself again, as a test that needs something.

const roleVariable = 'SPEC_WITH_ROLE'

function runSelf(role: 'missing' | 'there', CI: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [process.argv[1]!], {
    env: { ...process.env, CI, [roleVariable]: role },
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}

function play(role: string): void {
  specWith(
    { name: 'A thing', path: role === 'there' ? '/thing' : undefined },
    'inner',
    (it, path) => {
      it('first', () => assert.is(path, '/thing'))
      it('second', () => console.log('second has run'))
    },
  )
}

const role = process.env[roleVariable]
if (role !== undefined) play(role)
else
  spec('specWith', (it) => {
    for (const [CI, name] of [
      ['', 'here'],
      ['true', 'in CI'],
    ] as const)
      it(`runs the cases ${name} when what they need is there`, () => {
        const { status, output } = runSelf('there', CI)
        assert.is(status, 0, output)
        assert.match(output, /second has run/)
        assert.match(output, /Passed: {4}2/)
      })

    it('skips them and says so when it is missing', () => {
      const { status, output } = runSelf('missing', '')
      assert.is(status, 0, output)
      assert.match(output, /^skipped: inner: A thing is not on this machine$/m)
      assert.match(output, /Skipped: {3}2/)
      assert.not(/second has run/.test(output))
    })

    it('fails them in CI when it is missing', () => {
      const { status, output } = runSelf('missing', 'true')
      assert.is(status, 1)
      assert.match(output, /\(0 \/ 2\)/)
      assert.match(output, /A thing is not on this machine/)
    })
  })
