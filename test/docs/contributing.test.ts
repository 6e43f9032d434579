import { readdirSync, readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'

/** `npm test` may take 3 minutes, with three files at a time. */
const secondsMax = 3 * 60 * 3

const rows = readFileSync('CONTRIBUTING.md', 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, folders, seconds]) => /^`\w+`/.test(folders ?? '') && /^\d+$/.test(seconds ?? ''))
  .map(([, folders, seconds]) => ({
    folders: [...folders!.matchAll(/`(\w+)`/g)].map(([, name]) => name!),
    seconds: Number(seconds),
  }))

function hasTests(folder: string): boolean {
  return readdirSync(`test/${folder}`, { recursive: true, encoding: 'utf8' }).some((name) =>
    name.endsWith('.test.ts'),
  )
}

spec('the budget of npm test', (it) => {
  it('has every folder of tests once', () => {
    const folders = readdirSync('test', { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && hasTests(entry.name))
      .map(({ name }) => name)
    assert.equal(rows.flatMap(({ folders }) => folders).sort(), folders.sort())
  })

  it('is 3 minutes', () => {
    const sum = rows.reduce((all, { seconds }) => all + seconds, 0)
    assert.ok(sum <= secondsMax, `${sum} seconds`)
  })
})
