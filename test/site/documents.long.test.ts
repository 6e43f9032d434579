import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'
import { runSite } from './runSite.ts'

const documents = [
  'README.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'demos/arena/README.md',
  'demos/gamemaker/client/README.md',
  'docs',
]

/** Builds the site of a copy of the documents, changed first. */
async function runCopy(
  change: (folder: string) => void,
): Promise<{ code: number | null; lines: readonly string[]; isWritten: boolean }> {
  const copy = mkdtempSync(join(tmpdir(), 'documents-'))
  try {
    for (const name of documents)
      cpSync(name, join(copy, name), {
        recursive: true,
        filter: (path) => !/site[/\\](?!index\.md)/.test(path),
      })
    change(copy)
    const { code, lines, folder, remove } = await runSite(copy)
    const isWritten = existsSync(join(folder, 'index.html'))
    remove()
    return { code, lines, isWritten }
  } finally {
    rmSync(copy, { recursive: true })
  }
}

function assertLines(lines: readonly string[], expected: string[]): void {
  for (const line of expected)
    assert.ok(lines.includes(line), `${line}\nis not among\n${lines.join('\n')}`)
}

spec(
  'the documentation site',
  (it) => {
    it('is not written while a document is not in the menu, or the menu names none', async () => {
      const { code, lines, isWritten } = await runCopy((copy) => {
        for (const folder of ['docs', 'docs/recipes'])
          writeFileSync(join(copy, folder, 'stray.md'), '# A stray\n')
        rmSync(join(copy, 'docs', 'performance.md'))
      })
      assert.is(code, 1)
      assert.is(isWritten, false)
      assertLines(lines, [
        'docs/stray.md is not in the menu, docs/site/navigation.mjs',
        'docs/recipes/stray.md is not in the menu, docs/site/navigation.mjs',
        'docs/site/navigation.mjs names docs/performance.md, which is not there',
      ])
    })

    it('is not written while a link leads nowhere, and names all of them', async () => {
      const { code, lines, isWritten } = await runCopy((copy) => {
        const append = (name: string, text: string): void =>
          appendFileSync(join(copy, name), `\n\n${text}\n`)
        append('docs/protocol.md', '[one](nowhere.md) and [two](../src/nothing.ts)')
        append('docs/transports.md', '[one](porting.md#no-such-part) and [two](#nor-this)')
        append('docs/porting.md', '![a picture](pictures/none.png)')
        append('CHANGELOG.md', '<img src="docs/none.gif" alt="">')
        append('docs/site/index.md', '[one](/nothing)')
      })
      assert.is(code, 1)
      assert.is(isWritten, false)
      assertLines(lines, [
        'docs/protocol.md links to docs/nowhere.md, which is not a page of the site',
        'docs/protocol.md links to src/nothing.ts, which is not a page of the site',
        'transports.html links to porting.html#no-such-part: there is no such anchor',
        'transports.html links to transports.html#nor-this: there is no such anchor',
        'docs/porting.md has no picture pictures/none.png',
        'CHANGELOG.md has no picture docs/none.gif',
        'index.html links to nothing.html, which is not there',
      ])
      assert.equal(
        lines.filter((line) => / links to | has no picture /.test(line)).length,
        7,
        lines.join('\n'),
      )
    })
  },
  200_000,
)
