import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'

// What is in the package beside the programs: the documents that README links to.

/** Bytes of what is not a program, packed they are about a third. */
const documentBytesMax = 340 * 1024

interface PackedFile {
  readonly path: string
  readonly size: number
}

function packedFiles(): readonly PackedFile[] {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const [{ files }] = JSON.parse(stdout) as [{ files: PackedFile[] }]
  return files
}

/** What a document links to, but for addresses and places in itself. Code has no links. */
function linksOf(document: string): string[] {
  const text = readFileSync(document, 'utf8').replaceAll(/^```.*?^```$/gms, '')
  return [...text.matchAll(/(?<!!\[[^\]]*)\]\(([^)\s]+)|href="([^"]+)"/g)]
    .map(([, inline, html]) => (inline ?? html)!.split('#')[0]!)
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
    .map((link) => posix.join(posix.dirname(document), link))
}

const files = packedFiles()

function isPacked(path: string): boolean {
  return files.some((file) => file.path === path || file.path.startsWith(`${path}/`))
}

spec('the package', (it) => {
  const documents = files.filter(({ path }) => path.endsWith('.md')).map(({ path }) => path)

  it('has the documents', () => {
    for (const name of ['README.md', 'docs/first-steps.md', 'docs/recipes/index.md', 'LICENSE'])
      assert.ok(isPacked(name), name)
    assert.ok(linksOf('README.md').length > 10)
  })

  for (const document of documents)
    it(`${document} :: links to what is in the package`, () => {
      for (const link of linksOf(document)) assert.ok(isPacked(link), link)
    })

  it('has no pictures, which are large: their texts stand in their places', () => {
    const others = files.filter(({ path }) => !path.startsWith('dist/'))
    const bytes = others.reduce((sum, { size }) => sum + size, 0)
    assert.ok(bytes < documentBytesMax, `${bytes} bytes`)
    assert.not.ok(others.some(({ path }) => /\.(gif|png)$/.test(path)))
    const readme = readFileSync('README.md', 'utf8')
    assert.not.match(readme, /!\[\]|<img (?![^>]*alt="\w)/)
  })

  it('is not published without a repository, where npm looks for links and pictures', () => {
    const { repository, scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      repository?: unknown
      scripts: { prepublishOnly: string }
    }
    const [, script = ''] = scripts.prepublishOnly.split(' ')
    const { status } = spawnSync(process.execPath, [script], { encoding: 'utf8' })
    assert.is(status === 0, repository !== undefined)
  })
})
