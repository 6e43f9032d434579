// Which of the decoders the fuzzing of R-02 reaches: runs the targets under V8's own coverage, and prints, for each file of src, how
// much of it was run, and the lines that hold what was not. Functions that no target can call are not in its bundle.
//
//   node scripts/fuzz-coverage.mjs          all files, after `node esbuild.mjs`; SIZE=ci draws more inputs
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = join('build', 'coverage')
const tests = ['protocol', 'contents'].map((name) =>
  join('build', 'test', 'source', 'fuzz', `${name}.row.test.js`),
)

/** Of each source file, what stands at `line:column`, and whether it was run in any bundle. */
const reached = new Map()

rmSync(folder, { recursive: true, force: true })
for (const test of tests) runTest(test)
for (const file of readdirSync(folder)) readCoverage(join(folder, file))
report()

function runTest(test) {
  const { status } = spawnSync(process.execPath, ['--expose-gc', test], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_V8_COVERAGE: folder },
  })
  if (status !== 0) process.exit(status ?? 1)
}

function readCoverage(path) {
  const { result } = JSON.parse(readFileSync(path, 'utf8'))
  for (const { url, functions } of result) {
    const file = url.startsWith('file:') ? relative('.', fileURLToPath(url)) : ''
    if (tests.includes(file)) readScript(file, functions)
  }
}

/** @param functions of V8: ranges of bytes with how often they were run, each inside of the one before or behind it */
function readScript(file, functions) {
  const text = readFileSync(file, 'utf8')
  const counts = new Uint32Array(text.length)
  for (const { ranges } of functions)
    for (const { startOffset, endOffset, count } of ranges)
      counts.fill(count, startOffset, endOffset)
  const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')))
  let start = 0
  for (const [line, content] of text.split('\n').entries()) {
    for (let column = 0; column < content.length; column++) {
      const entry = map.findEntry(line, column)
      if (entry.generatedLine !== line || entry.generatedColumn !== column) continue
      const source = relative('.', resolve(dirname(file), entry.originalSource))
      if (!source.startsWith('src')) continue
      const places = reached.get(source) ?? reached.set(source, new Map()).get(source)
      const place = `${entry.originalLine + 1}:${entry.originalColumn}`
      places.set(place, places.get(place) === true || counts[start + column] > 0)
    }
    start += content.length + 1
  }
}

function report() {
  const total = { places: 0, run: 0, lines: 0, linesRun: 0 }
  for (const [source, places] of [...reached].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const lines = linesOf(places)
    const missing = [...lines].filter(([, isRun]) => !isRun).map(([line]) => line)
    const run = [...places.values()].filter(Boolean).length
    total.places += places.size
    total.run += run
    total.lines += lines.size
    total.linesRun += lines.size - missing.length
    const share = ((100 * run) / places.size).toFixed(1)
    console.log(
      `${share.padStart(5)} %  ${source}${missing.length > 0 ? `  not: ${missing.join(', ')}` : ''}`,
    )
  }
  const { places, run, lines, linesRun } = total
  const shares = [run / places, linesRun / lines].map((share) => `${(100 * share).toFixed(1)} %`)
  console.log(`${shares[0]} of ${places} places, all of ${shares[1]} of ${lines} lines`)
}

/** Whether all that stands in a line was run. */
function linesOf(places) {
  const lines = new Map()
  for (const [place, isRun] of places) {
    const line = Number(place.split(':', 1)[0])
    lines.set(line, (lines.get(line) ?? true) && isRun)
  }
  return new Map([...lines].sort(([a], [b]) => a - b))
}
