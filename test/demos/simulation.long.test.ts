import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { NodeProgram } from '../lib/NodeProgram.ts'
import { spec } from '../spec.ts'

const folder = mkdtempSync(join(tmpdir(), 'bitecs-networking-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

async function outputOf(code: number, ...args: string[]): Promise<string> {
  const demo = new NodeProgram('build/demos/simulation/main.js', args)
  assert.is(await demo.exitCode, code, demo.output)
  return demo.output
}

spec('npm run demo:simulation', (it) => {
  it('lets all bots play, the same each time, and writes its report', async () => {
    const hashes: string[] = []
    for (const name of ['one', 'other']) {
      const report = join(folder, `${name}.html`)
      const output = await outputOf(0, '--bots', '6', '--seconds', '15', '--report', report)
      assert.match(output, /^seed 1: 15 s in 900 ticks at 60 Hz, 6 clients, 0 faults$/m)
      // Each bot steers ten times a second, as soon as it plays.
      const events = Number(/^server +udp 8082 +([\d,]+) /m.exec(output)![1]!.replace(',', ''))
      assert.ok(events > 300 && events < 460, output)
      hashes.push(/^hash (\w{16})$/m.exec(output)![1]!)
      assert.match(readFileSync(report, 'utf8'), hashes[0]!)
    }
    assert.is(hashes[0], hashes[1])
  })

  it('tells its options, and refuses others', async () => {
    const help = await outputOf(0, '--help')
    for (const option of ['--bots N', '--seconds N', '--seed N', '--report FILE'])
      assert.match(help, option)
    assert.match(await outputOf(1, '--bots', '251'), '--bots must be a whole number in 1..250')
  })
})
