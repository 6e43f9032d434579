// docs/recording.md alone is enough to read a recording: reader.py was written from it.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { RecordingFile } from '../../src/recording/RecordingFile.ts'
import { findPython } from '../interop/programs.ts'
import { rowSeed } from '../lib/row.ts'
import { specWith } from '../lib/specWith.ts'
import { playRecorded } from './playRecorded.ts'

/** What our own reader finds, in the form of the other. */
function entriesOf(bytes: Uint8Array): unknown[] {
  const file = new RecordingFile(bytes)
  const lines: unknown[] = [file.head]
  for (let entry = file.next(); entry !== undefined; entry = file.next()) {
    const { name, isNested, timeUs, ...fields } = entry
    const shown = Object.entries(fields).map(([field, value]: [string, unknown]) => [
      field,
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
    ])
    lines.push([name, isNested ? null : timeUs, Object.fromEntries(shown)])
  }
  return lines
}

specWith(findPython(), 'a reader in Python', (it, python) => {
  it('reads the same from a session over TCP, UDP and WebSocket', async () => {
    const { bytes } = await playRecorded(rowSeed, 60)
    const folder = mkdtempSync(join(tmpdir(), 'recording-'))
    try {
      const read = (content: Uint8Array): ReturnType<typeof spawnSync> => {
        writeFileSync(join(folder, 'file'), content)
        const args = ['-B', join('test', 'recording', 'reader.py'), join(folder, 'file')]
        return spawnSync(python, args, { encoding: 'utf8', maxBuffer: 2 ** 28 })
      }
      const whole = read(bytes)
      assert.is(whole.status, 0, String(whole.stderr))
      const lines = String(whole.stdout).trim().split('\n')
      assert.equal(
        lines.map((line) => JSON.parse(line) as unknown),
        JSON.parse(JSON.stringify(entriesOf(bytes))),
      )
      const cut = read(bytes.subarray(0, -3))
      assert.is(cut.status, 2)
      assert.match(String(cut.stderr), /damage at byte \d+/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
