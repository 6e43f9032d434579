// A run is the same in every version of Node and in Chromium: one program, the library's build for browsers, plays it there.

import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as assert from 'uvu/assert'
import { bundlePage, Chromium } from '../interop/Chromium.ts'
import { findChromium } from '../interop/programs.ts'
import { specWith } from '../lib/specWith.ts'
import { findNode } from './nodes.ts'
import { hashTurmoil } from './Turmoil.ts'

const run = promisify(execFile)
const program = '../simulation/Turmoil.ts'
const seed = 7
const ticks = 400
const limitMs = 120_000

/** As this process plays it, by the build that this test is of. */
const expected = await hashTurmoil(seed, ticks)

async function hashIn(node: string): Promise<string> {
  const { code } = await bundlePage(program)
  const folder = await mkdtemp(join(tmpdir(), 'bitecs-networking-'))
  try {
    await writeFile(join(folder, 'turmoil.mjs'), code)
    const main = `import { hashTurmoil } from './turmoil.mjs'
console.log(await hashTurmoil(${seed}, ${ticks}))`
    const path = join(folder, 'main.mjs')
    await writeFile(path, main)
    return (await run(node, [path])).stdout.trim()
  } finally {
    await rm(folder, { recursive: true })
  }
}

const nodes = [
  { name: process.version, path: process.execPath },
  ...(await Promise.all([22, 24].map(findNode))),
]
for (const node of nodes)
  specWith(
    node,
    `a run in memory in ${node.name}`,
    (it, path) => {
      it('is the same as here', async () => assert.is(await hashIn(path), expected))
    },
    limitMs,
  )

specWith(
  findChromium(),
  'a run in memory in a page',
  (it, path) => {
    it('is the same as here', async () => {
      const chromium = await Chromium.launch(path, program)
      try {
        const page = await chromium.open()
        const hash = await page.evaluate<string>(
          `import('/page.js').then(({ hashTurmoil }) => hashTurmoil(${seed}, ${ticks}))`,
        )
        assert.is(hash, expected)
        assert.equal(page.console, [])
      } finally {
        await chromium.close()
      }
    })
  },
  limitMs,
)
