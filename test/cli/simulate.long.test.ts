import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'
import { withPrograms } from './CliProgram.ts'

// In the project, so that the package is found by its name.
const folder = mkdtempSync(join('build', 'simulate-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** A file of a game whose client counts up. The server fails when it has heard `limit`. */
function gameFile(name: string, changes = ''): string {
  const path = join(folder, name)
  writeFileSync(
    path,
    `import { createServer, createSocket, NetworkSystem, NetworkType, onNetworking, readText, sendUdp, SocketType } from 'bitecs-networking'
export default {
  ticks: 200,
  conditions: { latencyMs: 20 },
  server({ world }) {
    const state = { last: 0, missing: 0 }
    onNetworking(world, createServer(world, SocketType.udp, 6510), (_world, _self, asyncLoad) => {
      if (asyncLoad.type !== NetworkType.data) return
      const number = Number(readText(asyncLoad.buffer))
      state.missing += number - state.last - 1
      state.last = number
    })
    return state
  },
  clients: {
    count: 1,
    start({ world }) {
      const socket = createSocket(world, SocketType.udp)
      return (tick) => {
        sendUdp(world, socket, '127.0.0.1', 6510, String(tick))
        NetworkSystem(world)
      }
    },
  },
  ${changes}
}
`,
  )
  return path
}

const losing = `faults: { cutsPerMinute: 100, cutMsMax: 500, changesPerMinute: 100 },
  invariant: { 'ten in a row at most': ({ server }) => server.missing <= 10 },`

spec('npx bitecs-networking simulate', (it) => {
  it(
    'runs the game of a file and writes its reports',
    withPrograms(async (programs) => {
      const file = gameFile('fine.mjs')
      const [html, json, text] = ['html', 'json', 'txt'].map((end) => join(folder, `fine.${end}`))
      const reports = [html!, json!, text!].flatMap((path) => ['--report', path])
      const program = programs.run(['simulate', file, '--seed', '5', '--ticks', '90', ...reports])
      await program.ends(0)
      assert.match(program.output, /^seed 5: 1\.50 s in 90 ticks at 60 Hz, 1 clients, 0 faults$/m)
      assert.match(program.output, /^server +udp 6510 +88 /m)
      const { report } = JSON.parse(readFileSync(json!, 'utf8')) as {
        report: { seed: number; events: number; hash: string }
      }
      assert.is(report.seed, 5)
      assert.is(report.events, 88)
      assert.match(program.output, `hash ${report.hash}`)
      assert.match(readFileSync(html!, 'utf8'), report.hash)
      assert.match(readFileSync(text!, 'utf8'), report.hash)
      assert.is(program.errors, '')
    }),
  )

  it(
    'searches seeds, and leaves a failure that it runs again',
    withPrograms(async (programs) => {
      const file = gameFile('losing.mjs', losing)
      const program = programs.run(['simulate', file, '--seeds', '50'])
      await program.ends(1)
      const [, seed, tick] =
        /^error: seed (\d+), tick (\d+) .*: ten in a row at most: does not hold$/m.exec(
          program.errors,
        )!
      assert.match(program.errors, /^found with \d+ seeds; \d+ faults shrunk to 1 in \d+ runs$/m)
      assert.match(program.errors, /^faults: \[\{"atMs":\d+,"kind":"cut"/m)
      const saved = `${file}.failure.json`
      assert.match(program.errors, `--replay ${saved}`)
      const again = programs.run(['simulate', file, '--replay', saved])
      await again.ends(1)
      assert.match(again.errors, `error: seed ${seed}, tick ${tick} (`)
      const look = programs.run(['inspect', `${file}.failure.bnrec`])
      await look.ends(0)
      assert.match(look.output, new RegExp(`^${tick} ticks in .*\\n.*udp socket +port 6510`, 's'))
    }),
  )

  it(
    'says when no seed fails, and leaves nothing',
    withPrograms(async (programs) => {
      const file = gameFile('few.mjs')
      const program = programs.run(['simulate', file, '--seeds', '3', '--ticks', '10'])
      await program.ends(0)
      assert.is(program.output, '3 seeds, 30 ticks: none failed\n')
      assert.not(existsSync(`${file}.failure.json`))
    }),
  )

  for (const [name, text, message] of [
    ['is not there', undefined, 'cannot load'],
    ['throws', 'throw new Error("no good")', 'cannot load .*throws.*: no good'],
    ['has no default export', 'export const options = {}', 'has no options as its default export'],
    ['has wrong options', 'export default { ticks: 0, server() {} }', 'ticks must be an integer'],
  ] as const)
    it(
      `refuses a file that ${name}`,
      withPrograms(async (programs) => {
        const file = join(folder, `${name.replaceAll(' ', '-')}.mjs`)
        if (text !== undefined) writeFileSync(file, text)
        const program = programs.run(['simulate', file])
        await program.ends(2)
        assert.match(program.errors, new RegExp(message))
      }),
    )
})
