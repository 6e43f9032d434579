import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'
import { runSite } from './runSite.ts'

const documents = ['README.md', 'SECURITY.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'docs']

/** Builds the site of a copy of the documents, changed first. */
async function runCopy(
  change: (folder: string) => void,
): Promise<{ code: number | null; lines: readonly string[]; isWritten: boolean }> {
  const copy = mkdtempSync(join(tmpdir(), 'documents-'))
  try {
    for (const name of documents) cpSync(name, join(copy, name), { recursive: true })
    change(copy)
    const { code, lines, folder, remove } = await runSite(copy)
    const isWritten = existsSync(join(folder, 'index.html'))
    remove()
    return { code, lines, isWritten }
  } finally {
    rmSync(copy, { recursive: true })
  }
}

spec('the documentation site', (it) => {
  it('is built from the documents as they are', async () => {
    const site = await runSite()
    try {
      assert.match(site.lines.join('\n'), /^\d+ pages in /)
      assert.is(site.code, 0)
      const porting = site.read('porting.html')
      assert.ok(porting.includes('href="protocol.html"'), 'a document links to a page')
      assert.ok(porting.includes('<h2 id="settings">Settings'), 'a heading has an anchor')
      assert.match(porting, /<span class="language">GML<\/span><pre/)
      const home = site.read('index.html')
      assert.ok(home.includes('href="source/LICENSE.html"'), 'a file is shown by a page')
      assert.ok(site.read('source/LICENSE.html').includes('MIT'))
      assert.not.match(home, /(?:href|src)="(?:\/|file:)/)
    } finally {
      site.remove()
    }
  })

  it('is not written while something is to mend, and names it all', async () => {
    const { code, lines, isWritten } = await runCopy((copy) => {
      const append = (name: string, text: string): void =>
        appendFileSync(join(copy, name), `\n\n${text}\n`)
      append('docs/protocol.md', '[one](nowhere.md) and [two](../src/nothing.ts)')
      append('docs/transports.md', '[one](porting.md#no-such-part) and [two](#nor-this)')
      append('docs/porting.md', '![a picture](pictures/none.png)')
      append('SECURITY.md', '<script>alert(1)</script>')
      append(
        'CHANGELOG.md',
        '<picture><img src="docs/none.gif" alt="" onload="alert(1)"></picture>',
      )
      for (const folder of ['docs', 'docs/recipes'])
        writeFileSync(join(copy, folder, 'stray.md'), '# A stray\n')
      rmSync(join(copy, 'docs', 'performance.md'))
    })
    assert.is(code, 1)
    assert.is(isWritten, false)
    for (const line of [
      'docs/protocol.md: the link nowhere.md leads to no file',
      'docs/protocol.md: the link ../src/nothing.ts leads to no file',
      'docs/transports.md links to docs/porting.md#no-such-part: there is no such anchor',
      'docs/transports.md links to docs/transports.md#nor-this: there is no such anchor',
      'docs/porting.md: there is no picture pictures/none.png',
      'SECURITY.md: HTML that is no picture and no line break: <script>',
      'CHANGELOG.md: there is no picture docs/none.gif',
      'docs/stray.md must stand once in the table of contents, scripts/site/contents.mjs',
      'docs/recipes/stray.md must stand once in the table of contents',
      'scripts/site/contents.mjs names docs/performance.md, but there is no such document',
    ])
      assert.ok(
        lines.some((said) => said.startsWith(line)),
        `${line}\nis not among\n${lines.join('\n')}`,
      )
    assert.ok(lines.some((said) => said.startsWith('CHANGELOG.md: HTML that is no picture')))
  })

  it('takes pictures along', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'documents-'))
    for (const name of documents) cpSync(name, join(copy, name), { recursive: true })
    writeFileSync(join(copy, 'docs', 'dot.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    const picture =
      '<picture><source srcset="docs/dot.svg 2x"><img src="docs/dot.svg" alt="A dot"></picture>'
    appendFileSync(join(copy, 'README.md'), `\n\n${picture}\n\n<!-- unseen -->\n`)
    const site = await runSite(copy)
    try {
      assert.is(site.code, 0, site.lines.join('\n'))
      const home = site.read('index.html')
      assert.ok(
        home.includes('srcset="pictures/dot.svg 2x"><img src="pictures/dot.svg" alt="A dot"'),
      )
      assert.not.match(home, /unseen/)
      assert.match(site.read('pictures/dot.svg'), /svg/)
    } finally {
      site.remove()
      rmSync(copy, { recursive: true })
    }
  })
})
