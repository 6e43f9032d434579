import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'

/** The type checker does not see the table. */
const { rows }: { rows: Readonly<Record<string, readonly { readonly test: string }[]>> } =
  await import(pathToFileURL(resolve('scripts', 'soak', 'rows.mjs')).href)

const rowCount = 33
/** Its command is its own: `npm run mutation`. */
const withoutSoak = ['R-29']

const text = readFileSync('docs/reliability.md', 'utf8')
const documented = [...text.matchAll(/^\| (R-\d\d) \|/gm)].map(([, row]) => row!)

spec('docs/reliability.md', (it) => {
  it('has every row once', () => {
    const all = Array.from(
      { length: rowCount },
      (_, index) => `R-${String(index + 1).padStart(2, '0')}`,
    )
    assert.equal([...documented].sort(), all)
  })

  it('has only rows that npm run soak runs, and all of those', () => {
    const run = [...Object.keys(rows), ...withoutSoak].sort()
    assert.equal([...documented].sort(), run)
  })

  it('says of each row what is promised, the bar and what was measured', () => {
    for (const line of text.matchAll(/^\| R-\d\d \|.*$/gm)) {
      const cells = line[0].split('|').map((cell) => cell.trim())
      assert.is(cells.length, 6, line[0])
      assert.ok(
        cells.slice(1, 5).every((cell) => cell !== ''),
        line[0],
      )
    }
  })

  it('names files that are there', () => {
    for (const [row, runs] of Object.entries(rows))
      for (const { test } of runs) assert.ok(existsSync(`test/${test}.test.ts`), `${row}: ${test}`)
  })
})
