// docs/replication-protocol.md alone is enough to read what a client receives: decoder.py was written from it.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SocketType } from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { findPython } from '../interop/programs.ts'
import { rowSeed } from '../lib/row.ts'
import { specWith } from '../lib/specWith.ts'
import { kindsSchema } from '../replicator/kindsGame.ts'
import { playKinds } from '../replicator/playKinds.ts'

interface Decoded {
  readonly count: Readonly<Record<string, number>>
  readonly state: Readonly<Record<string, unknown>>
}

function decode(python: string, bytes: Uint8Array, schema: string, isRaw: boolean): Decoded {
  const folder = mkdtempSync(join(tmpdir(), 'decoder-'))
  try {
    const [recording, text] = [join(folder, 'recording'), join(folder, 'schema')]
    writeFileSync(recording, bytes)
    writeFileSync(text, schema)
    const program = join('test', 'replication', 'decoder.py')
    const args = ['-B', program, recording, text, isRaw ? 'raw' : 'packets']
    const { status, stdout, stderr } = spawnSync(python, args, {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    })
    if (status !== 0 || stderr !== '') throw new Error(stderr)
    return JSON.parse(stdout) as Decoded
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Other languages print other digits. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each: unknown) =>
      typeof each === 'number' ? Number(each.toPrecision(12)) : each,
    ),
  )
}

specWith(
  findPython(),
  `a decoder in Python, SEED=${rowSeed}`,
  (it, python) => {
    for (const [name, type, isRaw] of [
      ['TCP', SocketType.tcp, false],
      ['WebSocket', SocketType.ws, false],
      ['raw WebSocket', SocketType.ws, true],
    ] as const)
      it(`has in the end what a recorded client has: ${name}`, async () => {
        const { bytes, state } = await playKinds(rowSeed, { type, isRaw, snapshots: 400 })
        const decoded = decode(python, bytes, kindsSchema, isRaw)
        assert.equal(Object.keys(decoded.state).sort(), Object.keys(state).sort())
        for (const [netId, entity] of Object.entries(state))
          assert.equal(rounded(decoded.state[netId]), rounded(entity), netId)
        const { count } = decoded
        console.log(`\n${name}: ${bytes.length} bytes, ${JSON.stringify(count)}`)
        assert.ok(Object.keys(state).length > 10)
        for (const form of [0, 1, 2]) assert.ok(count[`form ${form}`]! > 20, `form ${form}`)
        assert.ok(count['gone']! > 10)
        assert.ok(count['acks']! > 100)
        assert.is(count['welcomes'], 3)
        assert.is(count['hellos'], 1)
        assert.is(count['hellos for an epoch'], 2)
        assert.is(count['malformed'], undefined)
        assert.ok(count['other messages']! > 0, 'packets of the game go on beside')
      })

    it('refuses another schema', async () => {
      const { bytes } = await playKinds(rowSeed, {
        type: SocketType.tcp,
        isRaw: false,
        snapshots: 5,
      })
      const other = kindsSchema.replace('bits(5)', 'bits(6)')
      assert.throws(() => decode(python, bytes, other, false), /a hello names another schema/)
    })
  },
  120_000,
)
