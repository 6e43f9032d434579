import { build } from 'esbuild'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { findChromium } from '../interop/programs.ts'
import { specWith } from '../lib/specWith.ts'
import { launchBrowser, recordConsole } from '../lib/Browser.ts'
import { type DocumentPrograms, withDocument } from '../lib/DocumentPrograms.ts'
import { blocksOf } from '../lib/documentBlocks.ts'
import { freePort } from '../lib/freePort.ts'
import { spec } from '../spec.ts'

const document = 'docs/first-steps.md'

spec('First steps', (it) => {
  it(
    'hello :: prints what it says, and ends',
    withDocument(document, async (programs) => {
      const hello = programs.run('hello.mjs', { 6510: await freePort() })
      assert.is(await hello.exitCode, 0, hello.output)
      const [printed] = blocksOf(document, 'text')
      assert.is(hello.output, printed)
    }),
  )
})

/** Puts game.mjs beside the server, bundles the page's program as the document's command does, and puts the page beside the server. */
async function makePage(programs: DocumentPrograms): Promise<void> {
  const { folder } = programs
  const [html = ''] = blocksOf(document, 'html')
  writeFileSync(join(folder, 'index.html'), html)
  for (const name of ['game.mjs', 'page.mjs'])
    writeFileSync(join(folder, name), programs.code(name))
  const command = blocksOf(document, 'sh').at(-1)!
  assert.match(command, 'npx esbuild page.mjs --bundle --format=esm --outfile=page.js')
  await build({
    entryPoints: [join(folder, 'page.mjs')],
    outfile: join(folder, 'page.js'),
    bundle: true,
    format: 'esm',
    tsconfigRaw: {},
  })
}

specWith(findChromium(), 'First steps in Chromium', (it, path) => {
  it(
    'two browsers :: see each other move',
    withDocument(document, async (programs) => {
      await makePage(programs)
      const port = await freePort()
      const server = programs.run('server.mjs', { 3000: port })
      await server.says(`open http://localhost:${port} in two browsers`)
      const browser = await launchBrowser(path)
      try {
        const pages = [await browser.newContext(), await browser.newContext()]
        const [ann, bo] = await Promise.all(pages.map((context) => context.newPage()))
        const lines = [recordConsole(ann!), recordConsole(bo!)]
        for (const page of [ann!, bo!]) await page.goto(`http://localhost:${port}/`)
        /** Where the other page shows players: the left edges of what is drawn in the middle row. */
        const shown = (): Promise<number[]> =>
          bo!.evaluate(`(() => {
            const context = document.querySelector('canvas').getContext('2d')
            const isDrawn = (x) => context.getImageData(x, 200, 1, 1).data[3] > 0
            return Array.from({ length: 400 }, (_, x) => x).filter((x) => isDrawn(x) && !isDrawn(x - 1))
          })()`)
        while ((await shown()).length !== 2) continue
        const before = await shown()
        await ann!.keyboard.down('ArrowRight')
        while ((await shown()).every((x) => before.includes(x))) continue
        await ann!.keyboard.up('ArrowRight')
        const faults = lines.flat().filter((line) => /^(error|thrown)/.test(line))
        assert.equal(faults, [])
        assert.is(server.hasEnded, false, server.output)
        await ann!.close()
        while ((await shown()).length !== 1) continue
        await server.says('has gone')
        programs.end()
        while (!(await bo!.evaluate<string>('document.body.innerText')).includes('is gone'))
          continue
      } finally {
        await browser.close()
      }
    }),
  )
})
