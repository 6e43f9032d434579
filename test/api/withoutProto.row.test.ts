// Tests again in a Node whose objects have no `__proto__`, as hardened programs run it.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as assert from 'uvu/assert'
import { amountOf, figure } from '../lib/row.ts'
import { spec } from '../spec.ts'

const run = promisify(execFile)

const files = [
  'api/pollution.row',
  'errors/checkOptions',
  'gml/ds/jsonFunctions.long',
  'cli/readCommand',
  'network/tcpServerWire',
  // From here on only in CI.
  'api/options',
  'gml/ds/jsonStructs',
  'gml/ds/dsMapFunctions',
  'gml/ds/dsListFunctions',
  'gml/ds/dsListText',
  'gml/ds/dsMapText',
  'gml/ds/dsMapSecure',
  'gml/ds/structures/written',
  'gml/ds/structures/writtenLists',
  'gml/ds/structures/DsMap',
  'gml/event/networkingEvent',
  'gml/network/network',
  'gml/handles.property.long',
  'systems/NetworkSystem',
  'systems/throwingHandlers.row',
  'network/udpWire',
  'network/observeTraffic',
  'protocol/reliable/ReliableLink',
  'transport/webSocketHandshake',
  'transport/webSocketMessages',
  'transport/webSocketTls.long',
]

/** What `execFile` rejects with. */
interface Failed {
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

spec(
  'node --disable-proto=throw',
  (it) => {
    let passed = 0
    const chosen = files.slice(0, amountOf({ test: 2, ci: files.length }))
    for (const file of chosen)
      it(`${file} passes`, async () => {
        const path = join('build', 'test', 'source', `${file}.test.js`)
        const flags = ['--disable-proto=throw', '--expose-gc', '--enable-source-maps']
        const env = { ...process.env, SIZE: 'test', FORCE_COLOR: '0' }
        const done = await run(process.execPath, [...flags, path], { env }).catch(
          (failed: Failed) => failed,
        )
        const shown = `${done.stdout}${done.stderr}`
        assert.ok(!('signal' in done), `it ended with ${JSON.stringify(done)}\n${shown}`)
        const count = Number(/Passed:\s+(\d+)/.exec(done.stdout)?.[1])
        assert.ok(count > 0, shown)
        passed += count
      })

    it('is as it should be', () => {
      figure('R-24', `node --disable-proto=throw: ${passed} cases of ${chosen.length} files pass`)
    })
  },
  120_000,
)
